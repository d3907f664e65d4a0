"""Looking, in a real browser: a pupil's year, a class, a school and the schools, at a desk and on a phone."""

from datetime import date

from playwright.sync_api import Page

from tests.cast import Cast
from tests.rooms.insight.marking import draw

YEAR = date(2023, 9, 4)


def _a_year(cast: Cast) -> None:
    week = "//////////"
    busy = ("//////////" + "L////////I" + "IIII//////" + "////////O/" + "/////N////" + "V/////U///") * 6
    n = 320
    draw(
        cast,
        {
            "Aisha": busy[:n],
            "Ben": (week * 40)[: n - 8] + "IIIIIIII",
            "Chloe": ("O/" * 200)[:n],
            "Dev": (week * 40)[:n],
            "Esme": ("///////--/" * 40)[:n],
            "Gus": (week * 40)[:n],
            "Jade": (busy[::-1] * 2)[:n],
        },
        YEAR,
        minutes=25,
    )


def test_a_pupils_year_reads_at_any_width_and_leads_to_a_marks_history(
    page: Page, cast: Cast, sign_in, no_faults, picture
) -> None:
    _a_year(cast)
    sign_in(page, "head")
    page.goto(f"/pupils/{cast.pupil('Aisha').pk}/")
    assert page.get_by_role("heading", name="Aisha Begum").is_visible()
    picture(page, "pupil")
    no_faults(page)
    page.get_by_text("The year in words").click()
    page.get_by_text("Why is this?").first.click()
    page.get_by_text("Unauthorised absence:").click()
    no_faults(page)
    page.set_viewport_size({"width": 360, "height": 800})
    no_faults(page)
    page.locator(".year a.mark[data-code='N']").first.click()
    assert "/registers/marks/" in page.url


def test_the_lists_and_pages_of_a_head_have_no_faults(page: Page, cast: Cast, sign_in, no_faults, picture) -> None:
    _a_year(cast)
    sign_in(page, "head")
    places = {
        "home": "/",
        "pupils": "/pupils/",
        "school": f"/schools/{cast.hamsey.slug}/",
        "absences": f"/schools/{cast.hamsey.slug}/absences/",
        "class": f"/classes/{cast.kestrels.pk}/",
        "schools": "/schools/",
    }
    for name, url in places.items():
        page.set_viewport_size({"width": 1280, "height": 900})
        page.goto(url)
        picture(page, f"head-{name}")
        no_faults(page)
        page.set_viewport_size({"width": 360, "height": 800})
        no_faults(page)


def test_a_governor_lands_on_figures_without_names(page: Page, cast: Cast, sign_in, no_faults, picture) -> None:
    _a_year(cast)
    sign_in(page, "governor")
    page.goto("/")
    assert page.url.endswith("/schools/")
    assert page.get_by_text("Aisha").count() == 0
    picture(page, "governor-schools")
    no_faults(page)
