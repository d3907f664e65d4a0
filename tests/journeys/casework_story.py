"""What the journeys through the casework share: marks by day, forms and steps pressed on pages, the worker's round."""

from collections.abc import Iterable
from datetime import date, datetime

from playwright.sync_api import Page, expect

from rollcall import worker
from rollcall.journal.actor import WORKER
from rollcall.outbox.actions import drain
from rollcall.rules.policy import load
from tests.cast import Cast
from tests.rooms.casework.marking import sessions

GIVEN = {"percent": "60", "number": "4", "people": "Pat Carter", "text": "Pat Carter", "long": "As talked through."}


def days_away(cast: Cast, days: Iterable[date], last: date, code: str = "O") -> dict[int, str]:
    """Indexes of both sessions of some days, for `fill` up to a last day."""
    wanted = set(days)
    return {n: code for n, (day, _) in enumerate(sessions(cast, last)) if day in wanted}


def work(at: datetime) -> int:
    """One round of the worker at a moment; how many messages went."""
    return len(drain(grounds=worker.grounds(), by=WORKER, at=at, most=50).sent)


def said(page: Page, words: str) -> None:
    """The page answers an act with a message."""
    expect(page.locator(".message--success").first).to_contain_text(words)


def put(page: Page, **fields: str) -> None:
    """Type into fields by their names."""
    for name, value in fields.items():
        page.locator(f"[name={name}]").fill(value)


def choose(page: Page, name: str, value: str) -> None:
    """Choose a radio button or tick a box, by its value."""
    page.locator(f"[name='{name}'][value='{value}']").check()


def press(page: Page, words: str) -> None:
    """Press the one button with these words."""
    page.get_by_role("button", name=words, exact=True).click()
    page.wait_for_load_state()


def fill_form(page: Page, pupil: int, form: str, day: date, **own: str) -> None:
    """Fill in what a form of the policy needs, by its page, and keep it."""
    page.goto(f"/casework/pupils/{pupil}/forms/{form}/")
    for field in load("federation").form(form).fields:
        name = f"answer-{field.id}"
        if not field.needed:
            continue
        if field.kind == "yes_no":
            choose(page, name, own.get(field.id, "yes"))
        elif field.kind == "choice":
            choose(page, name, own.get(field.id, field.choices[0]))
        else:
            given = f"{day}" if field.kind == "date" else GIVEN[field.kind]
            page.locator(f"[name='{name}']").fill(own.get(field.id, given))
    press(page, "Keep the form")
    said(page, "is kept")


def take(page: Page, pupil: int, words: str, because: str = "") -> None:
    """Take an exit of the authority's process from the pupil's page: by its button, or with the reason on its own."""
    page.goto(f"/casework/pupils/{pupil}/")
    way = page.locator(".process-way", has_text=words)
    if because:
        way.locator("a").click()
        page.locator("[name=because]").fill(because)
        press(page, "Take this step")
    else:
        way.locator("button").click()
        page.wait_for_load_state()
    expect(page.locator("#authority")).to_be_visible()
