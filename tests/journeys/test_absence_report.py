"""The absentee report on screen: it renews itself, stands as it was, and the checks lead to their mending."""

from collections.abc import Callable
from datetime import date

from playwright.sync_api import Page, expect

from rollcall.absence.actions.reporting import keep_and_send
from rollcall.journal.actions import begin
from rollcall.registers.actions import NewMark, amend_marks, record_marks
from rollcall.registers.actions.writing import NewEntry, write_entries
from rollcall.schools.models import Pupil, PupilContact
from rollcall.schools.queries import facts_of
from tests.cast import DAY, Cast, moment

NARROW = {"width": 360, "height": 900}
SOON = 4000


def mark(cast: Cast, room: str, at, **codes: str) -> None:
    """Somebody else saves marks, somewhere else."""
    new = [NewMark(cast.enrolments[name].pk, code) for name, code in codes.items()]
    key = f"{room}-{at:%H%M}-{sorted(codes)}"[:80]
    record_marks(cast.classes[room], DAY, "AM", new, by=cast.actor("head"), at=at, key=key)


def test_the_report_renews_itself_and_stays_as_it_was(
    page: Page, sign_in: Callable, cast: Cast, clock: Callable, no_faults: Callable, picture: Callable
) -> None:
    home = cast.pupil("Chloe").contacts.get().contact
    PupilContact.objects.create(pupil=cast.pupil("Gus"), contact=home, relationship="Aunt", lives_with=True, order=2)
    Pupil.objects.filter(pk=cast.pupil("Chloe").pk).update(risk="red")
    mark(cast, "Kestrels", moment(9, 4), Aisha="/", Ben="I", Chloe="N", Dev="/", Esme="V", Finn="L")
    sign_in(page, "head")
    clock(moment(9, 14))
    page.goto("/day/hamsey/report/")
    kestrels = page.get_by_role("region", name="Kestrels", exact=True)
    wrens = page.get_by_role("region", name="Wrens", exact=True)
    expect(kestrels.get_by_role("row", name="Chloe Dunn")).to_contain_text("Gus Hill (Wrens): not marked")
    expect(kestrels).to_contain_text("V, Educational visit or trip: Esme Field.")
    expect(wrens).to_contain_text("UNKNOWN, nobody has marked: Gus Hill, Hana Iqbal, Ivo James.")
    no_faults(page)
    picture(page, "absentee-report")

    mark(cast, "Wrens", moment(9, 14), Gus="/", Hana="I", Ivo="/")
    expect(wrens.get_by_role("row", name="Hana Iqbal")).to_be_visible(timeout=SOON)
    expect(kestrels.get_by_role("row", name="Chloe Dunn")).to_contain_text("Gus Hill (Wrens): in")
    expect(page.locator("p[role=status]").filter(has_text="1 unexplained, 0 unknown")).to_have_count(1)

    clock(moment(9, 15))
    keep_and_send(facts_of(cast.hamsey.pk), moment(9, 15))
    amend_marks(
        cast.kestrels, DAY, "AM", [NewMark(cast.enrolments["Chloe"].pk, "/")], by=cast.actor("office"),
        at=moment(9, 15), key="she-was-there", reason="She was in the library",
    )  # fmt: skip
    expect(kestrels.get_by_role("row", name="Chloe Dunn")).to_have_count(0, timeout=SOON)
    page.reload()
    page.get_by_role("link", name="As it was at 9.15am").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Absentee report as it was at 9.15am")
    expect(kestrels.get_by_role("row", name="Chloe Dunn")).to_contain_text("Call")
    page.set_viewport_size(NARROW)
    no_faults(page)
    page.get_by_role("link", name="Other days").click()
    expect(page.get_by_role("row", name="Tuesday 14 May 2024")).to_contain_text("9.15am")
    no_faults(page)


def test_what_cannot_be_right_leads_to_where_it_is_mended(
    page: Page, sign_in: Callable, cast: Cast, clock: Callable, no_faults: Callable, picture: Callable
) -> None:
    deed = begin("test.entry", by=cast.by, at=moment(8, 0), school=cast.hamsey.pk)
    monday = date(2024, 5, 13)
    here = [NewEntry(cast.enrolments[name].pk, monday, "AM", "/") for name in ("Gus", "Hana")]
    write_entries(cast.hamsey.pk, here, deed)
    sign_in(page, "secretary")
    clock(moment(8, 20))
    page.goto("/day/hamsey/checks/")
    gaps = page.get_by_role("region", name="Sessions without a mark")
    expect(gaps).to_contain_text("1 of 3 pupils in Wrens has no mark on the morning of Monday 13 May: Ivo James.")
    no_faults(page)
    picture(page, "checks")
    page.set_viewport_size(NARROW)
    no_faults(page)
    gaps.get_by_role("listitem").filter(has_text="Ivo James").get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Wrens")
