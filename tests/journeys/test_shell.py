"""The shell's own scripts in a real browser: live parts that keep themselves up to date, forms that save in place.

The answers are made up at the browser's door; the scripts, the style sheet and the content policy are the real ones.
"""

from playwright.sync_api import Page, Route, expect

LIVE = """async (every) => {
  const main = document.getElementById("main-content");
  main.innerHTML =
    `<h1>Today</h1><div id="part" data-live="/part/" data-every="${every}"><button id="b">First</button></div>`;
  const live = await import("/static/js/live.js");
  live.watchLiveParts(main);
}"""
SWAP = """(token) => {
  document.getElementById("main-content").innerHTML =
    `<h1>Review</h1><div id="rows"><form method="post" action="/agree/" data-swap="#rows">
     <input name="action" value="x"><button id="agree" name="row" value="7">Agree</button></form></div>`;
}"""
ANSWER = """<!doctype html><main id="main-content"><div class="message" role="status">Agreed</div>
<div id="rows"><button id="agree">Done</button></div></main>"""


def test_a_live_part_changes_in_place_and_keeps_the_keyboards_place(page: Page) -> None:
    asked: list[str | None] = []

    def answer(route: Route) -> None:
        asked.append(route.request.headers.get("if-none-match"))
        if asked[-1] == '"2"':
            route.fulfill(status=304)
        else:
            route.fulfill(body='<button id="b">Second</button>', headers={"ETag": '"2"', "Content-Type": "text/html"})

    page.route("**/part/", answer)
    page.goto("/account/login/")
    page.evaluate(LIVE, 100)
    page.locator("#b").focus()
    expect(page.locator("#b")).to_have_text("Second")
    expect(page.locator("#b")).to_be_focused()
    page.locator("#b").evaluate("button => { button.dataset.same = 'yes'; }")
    for _ in range(2):
        with page.expect_response(lambda answer: answer.status == 304):
            pass
    assert page.locator("#b").get_attribute("data-same") == "yes", "304 must leave what is there alone"
    assert page.locator("#part").get_attribute("aria-live") == "polite"


def test_the_icon_is_ours_wherever_a_browser_looks_for_it(page: Page) -> None:
    asked = page.request.get("/favicon.ico")
    assert (asked.status, asked.headers["content-type"]) == (200, "image/x-icon")
    assert asked.body()[:6] == b"\0\0\1\0\2\0"
    page.goto("/account/login/")
    icon = page.locator("link[rel=icon]").get_attribute("href")
    assert page.request.get(icon).headers["content-type"].startswith("image/svg+xml")


def test_a_live_part_says_since_when_there_is_no_connection(page: Page) -> None:
    page.route("**/part/", lambda route: route.abort())
    page.goto("/account/login/")
    page.evaluate(LIVE, 50)
    notice = page.locator(".offline")
    expect(notice).to_contain_text("No connection since")
    page.unroute("**/part/")
    page.route("**/part/", lambda route: route.fulfill(body="<p>Back</p>", content_type="text/html"))
    expect(page.locator("#part")).to_have_text("Back")
    expect(notice).to_be_hidden()


def test_a_form_saves_without_leaving_the_page(page: Page) -> None:
    sent: list[str] = []

    def answer(route: Route) -> None:
        sent.append(route.request.post_data or "")
        route.fulfill(body=ANSWER, content_type="text/html")

    page.route("**/agree/", answer)
    page.goto("/account/login/")
    page.evaluate(SWAP)
    page.get_by_role("button", name="Agree").click()
    expect(page.locator("#main-content > .message")).to_have_text("Agreed")
    expect(page.locator("#agree")).to_be_focused()
    assert page.url.endswith("/account/login/")
    assert 'name="row"' in sent[0] and "7" in sent[0], "the pressed button's value goes too"


def test_a_form_that_could_not_be_saved_says_so_and_stays(page: Page) -> None:
    page.route("**/agree/", lambda route: route.abort())
    page.goto("/account/login/")
    page.evaluate(SWAP)
    page.get_by_role("button", name="Agree").click()
    expect(page.locator(".unsaved")).to_contain_text("Not saved")
    expect(page.get_by_role("button", name="Agree")).to_be_enabled()


def test_the_sign_in_page_can_be_used_on_a_phone(new_page, no_faults, picture) -> None:
    page = new_page(width=360)
    page.goto("/account/login/")
    no_faults(page)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    no_faults(page)
    assert page.title().startswith("Error:")
    page.locator(".govuk-error-summary a").first.click()
    expect(page.locator("#id_login")).to_be_focused()
    picture(page, "sign-in")
