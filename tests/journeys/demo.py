"""The demo as journeys see it: started once as `make demo` starts it, and ended without a trace."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.error import URLError

import pytest
from playwright.sync_api import Browser, Page

LONGEST = 180
WIDTHS = {1280: 900, 360: 780}


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
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


@pytest.fixture(params=WIDTHS)
def walker(request, demo: str, browser: Browser) -> Iterator[Page]:
    """A page of the demo at one width."""
    size = {"width": request.param, "height": WIDTHS[request.param]}
    context = browser.new_context(base_url=demo, viewport=size, locale="en-GB")
    context.set_default_timeout(15_000)
    page = context.new_page()
    page.goto("/")
    yield page
    context.close()


@pytest.fixture
def keep() -> Callable[[Page, str], None]:
    """See that a page fits its screen, and keep what one sees of it first, where ROLLCALL_SHOTS names a folder."""

    def look(page: Page, name: str) -> None:
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{name} is {wide} px wider than the screen"
        assert page.locator("h1").count() == 1, name
        if folder := os.environ.get("ROLLCALL_SHOTS"):
            width = (page.viewport_size or {})["width"]
            page.screenshot(path=Path(folder) / f"demo-{name}-{width}.png")

    return look
