"""A real browser against the real server: fixtures that every journey uses.

`page` is a fresh profile 1280 wide, signed in by `sign_in(page, "teacher")`; `no_faults(page)` holds it to axe and one
h1; `new_page(...)` opens another device; `picture(page, name)` keeps a picture where ROLLCALL_SHOTS names a folder.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.journeys.cable import Cable
from tests.journeys.demo import demo, keep, walker  # noqa: F401 - fixtures of the journeys through the demo

# Playwright's sync API keeps an event loop in this thread, which Django would take for asynchronous code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

WIDE, NARROW = 1280, 360
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def chromium() -> str | None:
    """The browser to drive: the one that ROLLCALL_CHROMIUM names, else the first that is installed."""
    names = (os.environ.get("ROLLCALL_CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome")
    return next((found for name in names if name and (found := shutil.which(name))), None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every journey drives a browser."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One headless Chromium for the whole run."""
    path = chromium()
    if path is None:
        pytest.skip("no Chromium on this machine: install it, or name it in ROLLCALL_CHROMIUM")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture
def new_page(browser: Browser, live_server, cast, clock) -> Iterator[Callable[..., Page]]:
    """Open a page on a device of its own; a script's error or a breach of the content policy fails the test."""
    clock(cast.at)
    contexts: list[BrowserContext] = []
    errors: list[str] = []

    def hear(message) -> None:
        if "Content Security Policy" in message.text:
            errors.append(message.text)

    def open_page(width: int = WIDE, **more) -> Page:
        more.setdefault("base_url", live_server.url)
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            locale="en-GB",
            timezone_id="Europe/London",
            **more,
        )
        context.set_default_timeout(8000)
        contexts.append(context)
        context.on("weberror", lambda fault: errors.append(str(fault.error)))
        context.on("console", hear)
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()
    assert not errors, errors


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    """A page 1280 wide in a fresh profile."""
    return new_page()


@pytest.fixture
def cable(live_server) -> Iterator[Cable]:
    """A connection to the server that a test can pull out and put back; open pages with `base_url=cable.url`."""
    host, port = live_server.thread.host, live_server.thread.port
    laid = Cable(host, port)
    yield laid
    laid.close()


@pytest.fixture
def sign_in(live_server, cast) -> Callable[[Page, str], None]:
    """Sign somebody of the cast in on a page's device, without the form."""

    def enter(page: Page, name: str) -> None:
        client = Client()
        client.force_login(cast.users[name], backend=BACKEND)
        cookie = client.cookies["sessionid"].value
        page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])

    return enter


@pytest.fixture
def no_faults() -> Callable[[Page], None]:
    """Hold a page to axe, to one h1, and to its own width."""

    def check(page: Page) -> None:
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        assert page.locator("h1").count() == 1, "a page has one h1"
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"the page is {wide} px wider than the screen"

    return check


@pytest.fixture
def picture() -> Callable[..., None]:
    """Keep a picture of a page at both widths, where ROLLCALL_SHOTS names a folder."""

    def take(page: Page, name: str) -> None:
        folder = os.environ.get("ROLLCALL_SHOTS")
        if not folder:
            return
        before = page.viewport_size or {"width": WIDE, "height": 900}
        for width in (WIDE, NARROW):
            page.set_viewport_size({"width": width, "height": 900})
            page.screenshot(path=Path(folder) / f"{name}-{width}.png", full_page=True)
        page.set_viewport_size(before)

    return take
