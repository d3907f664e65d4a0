"""`rollcall demo` as `make demo` starts it: made, served, walked through in a browser, and stopped without a trace."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.error import URLError

import pytest
from playwright.sync_api import Browser, Page

LONGEST = 180


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def demo(tmp_path_factory) -> Iterator[str]:
    """The address of a real demo, with the real worker beside it; it must end of itself when asked to."""
    port, var = free_port(), tmp_path_factory.mktemp("demo")
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("ROLLCALL_", "DJANGO_"))}
    environment |= {"ROLLCALL_VAR": str(var), "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-m", "rollcall.cli", "demo", "--today", "2026-11-24", "--port", str(port)]
    log = var / "log"
    with log.open("wb") as out:
        process = subprocess.Popen(command, env=environment, stdout=out, stderr=subprocess.STDOUT)
    url = f"http://127.0.0.1:{port}"
    try:
        _wait(url, process, log)
        yield url
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0, log.read_text()
        with pytest.raises(URLError):
            urllib.request.urlopen(url, timeout=5)
    finally:
        if process.poll() is None:
            process.kill()
    said = log.read_text()
    assert "head@hamsey.example" in said and "chalk-and-downland" in said
    assert list((var / "mail").iterdir()), "no letter went into the folder"


def _wait(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + LONGEST
    while time.monotonic() < until and process.poll() is None:
        try:
            urllib.request.urlopen(url, timeout=5)
            return
        except (URLError, OSError):
            time.sleep(0.5)
    raise AssertionError(f"the demo did not begin to serve:\n{log.read_text()}")


def become(page: Page, school: str, who: str) -> None:
    """Become one of the demo's people by the bar."""
    page.get_by_text("Become somebody else").click()
    page.get_by_role("group", name=school).get_by_role("button", name=who).click()
    page.wait_for_load_state()


@pytest.mark.parametrize("width", [1280, 360])
def test_one_walks_from_a_register_to_the_review(demo: str, browser: Browser, width: int) -> None:
    context = browser.new_context(base_url=demo, viewport={"width": width, "height": 900}, locale="en-GB")
    context.set_default_timeout(15_000)
    page = context.new_page()
    page.goto("/")
    assert "Tuesday 24 November 2026" in page.locator(".demo-bar").inner_text()
    become(page, "Hamsey Primary School", "Class teacher, Robins")
    assert page.get_by_role("heading", level=1).inner_text() == "Robins"
    if width == 1280:
        rest = page.get_by_role("button", name="left present")
        n = int("".join(filter(str.isdigit, rest.inner_text())))
        rest.click()
        page.get_by_text(f"{n} of ").wait_for()
        assert n > 10
    become(page, "Hamsey Primary School", "Head of school")
    page.goto("/reviews/")
    assert "The next review is due by Tuesday 24 November" in page.locator("main").inner_text()
    page.get_by_role("link", name="Tuesday 10 November 2026").click()
    assert page.locator("main").inner_text().count("letter") >= 3
    overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert overflow <= 0
    context.close()


def test_the_clock_moves_from_the_bar(demo: str, browser: Browser) -> None:
    context = browser.new_context(base_url=demo, viewport={"width": 1280, "height": 900}, locale="en-GB")
    page = context.new_page()
    page.goto("/")
    become(page, "Plumpton Primary School", "Head of school")
    page.goto("/registers/missing/")
    page.get_by_role("button", name="To 3.30pm").click()
    assert "3.30pm" in page.locator(".demo-bar").inner_text()
    assert page.url.endswith("/registers/missing/")
    assert "4 of 4" in page.locator("main").inner_text()
    context.close()
