"""Coming in: the sign-in page itself."""

from playwright.sync_api import Page, expect

from tests.cast import PASSWORD


def test_a_teacher_signs_in_with_a_password(page: Page, no_faults) -> None:
    page.goto("/account/login/?next=/account/password/change/")
    no_faults(page)
    page.get_by_label("Email").fill("teacher@example.org")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
