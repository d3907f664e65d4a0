"""What can't be right: each kind is found with its mending, a sound school has none, and the count is constant."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rollcall.absence.models import Call
from rollcall.absence.queries.check_rows import windows_before
from rollcall.absence.queries.checks import KINDS, Finding, count, findings
from rollcall.journal.actions import begin
from rollcall.registers import actions as registers
from rollcall.registers.actions import NewMark
from rollcall.registers.actions.writing import NewEntry, write_entries
from rollcall.schools import actions as schools
from rollcall.schools.models import ClassMembership, ContactPhone, Enrolment, Pupil, PupilContact
from rollcall.schools.queries import facts_of
from tests.cast import DAY, FOUNDED, Cast, moment, upn
from tests.rooms.casework.marking import fill

MONDAY = date(2024, 5, 13)
EARLY = moment(8, 15)


@pytest.fixture
def sound(cast: Cast) -> Cast:
    """Hamsey with everything in order: marked each session so far, and two numbers for every pupil."""
    fill(cast, {})
    for link in PupilContact.objects.all():
        number = f"01273 555{link.pk:03}"
        ContactPhone.objects.create(contact=link.contact, order=2, number=number, kind="home")
    return cast


def found(cast: Cast, kind: str = "", at=EARLY) -> list[Finding]:
    """What is found at Hamsey on the cast's day before the gate opens, of one kind or of all."""
    all_of_it = findings(facts_of(cast.hamsey.pk), DAY, at)
    return [one for one in all_of_it if kind in ("", one.kind)]


def enter(cast: Cast, name: str, day: date, half: str, code: str) -> None:
    """A mark written past the register's own page, as a file would bring it."""
    deed = begin("test.entry", by=cast.by, at=EARLY, school=cast.hamsey.pk)
    write_entries(cast.hamsey.pk, [NewEntry(cast.enrolments[name].pk, day, half, code)], deed)


def expect(cast: Cast, name: str, code: str, day: date = MONDAY, ground: str = "A cold") -> None:
    """An absence that was reported, for a whole day."""
    registers.expect(
        cast.enrolments[name], first=(day, "AM"), last=(day, "PM"), code=code, ground=ground, told_by="Pat",
        by=cast.actor("secretary"), at=moment(8, 20), leave_granted=code == "H",
    )  # fmt: skip


def together(cast: Cast, *names: str) -> None:
    """Make some of the cast live with one adult."""
    home = cast.pupil(names[0]).contacts.get().contact
    for name in names[1:]:
        PupilContact.objects.create(
            pupil=cast.pupil(name), contact=home, relationship="Mother", lives_with=True, order=2
        )


@pytest.mark.policy("4.1-a")
def test_a_sound_school_has_none(signed_in, sound: Cast) -> None:
    assert found(sound) == []
    assert count(facts_of(sound.hamsey.pk), DAY, EARLY) == 0
    page = signed_in("secretary").get("/day/hamsey/checks/").content.decode()
    assert "Nothing contradicts itself." in page


def test_present_against_a_standing_report_of_illness(sound: Cast) -> None:
    expect(sound, "Ben", "I")
    expect(sound, "Dev", "C")
    [one] = found(sound, "illness")
    assert one.sentence == "Ben Carter was marked present on Monday 13 May, and was reported ill by Pat: A cold."
    assert (one.route, one.args) == ("registers:register", (sound.kestrels.pk, MONDAY, "AM"))


def test_a_report_that_was_withdrawn_contradicts_nothing(sound: Cast) -> None:
    expect(sound, "Ben", "I")
    one = sound.enrolments["Ben"].expectations.get()
    registers.withdraw(one, by=sound.actor("secretary"), at=EARLY, reason="The wrong twin")
    assert found(sound, "illness") == []


@pytest.mark.policy("4.1-a")
def test_sessions_left_unmarked_say_how_many_and_of_whom(sound: Cast) -> None:
    for name in ("Gus", "Hana"):
        enter(sound, name, MONDAY, "PM", "-")
    for name in ("Aisha", "Ben", "Chloe", "Dev", "Esme", "Finn"):
        enter(sound, name, date(2024, 5, 9), "AM", "-")
    words = [one.sentence for one in found(sound, "unmarked")]
    assert words == [
        "The register of Kestrels was never taken on the morning of Thursday 9 May: 6 pupils.",
        "2 of 3 pupils in Wrens have no mark on the afternoon of Monday 13 May: Gus Hill and Hana Iqbal.",
    ]
    assert found(sound, "unmarked")[1].route == "registers:register"


def test_a_session_in_which_nobody_was_marked_is_one_finding(sound: Cast) -> None:
    for name, place in sound.enrolments.items():
        if place.school_id == sound.hamsey.pk:
            enter(sound, name, MONDAY, "PM", "-")
    [one] = found(sound, "unmarked")
    assert one.sentence == (
        "Nobody in the school was marked on the afternoon of Monday 13 May. If it was closed, say so."
    )


def test_it_looks_back_ten_school_days_and_leaves_today_to_the_day_itself(sound: Cast) -> None:
    days = [window.sessions for window in windows_before(facts_of(sound.hamsey.pk), DAY)]
    assert days[0][0][0] == date(2024, 4, 29), "ten school days with the bank holiday between"
    enter(sound, "Aisha", date(2024, 4, 26), "PM", "-")
    assert found(sound, "unmarked", at=moment(9, 30)) == []


def test_on_the_first_days_of_a_year_it_looks_back_over_the_summer(cast: Cast) -> None:
    schools.add_year(
        cast.hamsey, 2024, [("Autumn", date(2024, 9, 3), date(2024, 12, 20))], by=cast.by, at=EARLY
    )  # fmt: skip
    this, last = windows_before(facts_of(cast.hamsey.pk), date(2024, 9, 4))
    assert (this.first, this.last) == (date(2024, 9, 3), date(2024, 9, 4))
    assert (last.first, last.last) == (date(2024, 7, 11), date(2024, 7, 31))


def test_a_school_that_has_marked_nothing_yet_is_not_told_of_every_session(cast: Cast) -> None:
    assert found(cast, "unmarked") == []


def test_marks_on_a_closed_day(sound: Cast) -> None:
    enter(sound, "Aisha", date(2024, 5, 6), "AM", "/")
    enter(sound, "Ben", date(2024, 5, 11), "PM", "I")
    enter(sound, "Chloe", date(2024, 5, 6), "AM", "#")
    assert [one.sentence for one in found(sound, "closed")] == [
        "1 pupil of Kestrels has a mark on the morning of Monday 6 May, which was closed: Early May.",
        "1 pupil of Kestrels has a mark on the afternoon of Saturday 11 May, which was outside the school's days.",
    ]
    assert found(sound, "closed")[0].route == "office:years"


def test_marks_made_before_a_closure_that_nobody_planned_are_right(sound: Cast) -> None:
    shut = {"first": MONDAY, "last": MONDAY, "half": "PM", "by": sound.by, "at": EARLY}
    schools.close_sessions(sound.hamsey, kind="unplanned", ground="No heating", **shut)
    assert found(sound, "closed") == []
    schools.close_sessions(sound.hamsey, kind="inset", ground="Training", **{**shut, "half": ""})
    assert [one.sentence for one in found(sound, "closed")][:1] == [
        "6 pupils of Kestrels have a mark on the morning of Monday 13 May, which was closed: Training."
    ]


@pytest.mark.policy("4.1-a")
def test_a_pupil_in_no_class_or_in_two(sound: Cast) -> None:
    ClassMembership.objects.filter(enrolment=sound.enrolments["Ivo"]).delete()
    ClassMembership.objects.create(
        enrolment=sound.enrolments["Ben"], school_class=sound.classes["Wrens"], year_group=4, begins=MONDAY
    )
    assert [(one.about, one.sentence) for one in found(sound, "classes")] == [
        ("Ivo James", "Ivo James is on the roll and in no class, so that no register has them."),
        ("Ben Carter", "Ben Carter is in Kestrels and Wrens at once."),
    ]
    assert found(sound, "classes")[0].args == (sound.pupil("Ivo").pk,)


@pytest.mark.policy("4.1-e")
def test_a_leaver_who_is_still_marked(sound: Cast) -> None:
    schools.record_leaver(
        sound.enrolments["Finn"], last_day=date(2024, 5, 9), by=sound.by, at=EARLY, reason="Moved away"
    )
    [one] = found(sound, "leavers")
    assert one.sentence == "Finn Gray left after Thursday 9 May and has 4 marks since. Is the last day right?"
    assert one.route == "office:record"
    assert found(sound, "unmarked") == [], "who has left is missing from no register"


def test_brothers_and_sisters_with_reasons_that_contradict_each_other(sound: Cast) -> None:
    together(sound, "Aisha", "Ben", "Jade")
    enter(sound, "Aisha", MONDAY, "AM", "I")
    enter(sound, "Ben", MONDAY, "AM", "G")
    [one] = found(sound, "siblings")
    assert one.sentence == (
        "Aisha Begum has I and Ben Carter G, on the morning of Monday 13 May: both can't be the reason."
    )
    assert one.route == "registers:history"
    enter(sound, "Ben", MONDAY, "AM", "I")
    assert found(sound, "siblings") == []


def test_a_sibling_at_another_school_and_what_is_only_expected_today_are_compared_too(sound: Cast) -> None:
    together(sound, "Aisha", "Jade")
    expect(sound, "Aisha", "I", DAY)
    expect(sound, "Jade", "H", DAY, "A holiday")
    [one] = found(sound, "siblings")
    assert one.sentence == "Aisha Begum has I and Jade King H, on Tuesday 14 May: both can't be the reason."


def test_a_register_that_two_people_took(sound: Cast) -> None:
    at = moment(9, 5, MONDAY)
    for who, code in (("teacher", "/"), ("leader", "L")):
        new = [NewMark(sound.enrolments["Aisha"].pk, code, minutes_late=3 if code == "L" else None)]
        registers.record_marks(sound.kestrels, MONDAY, "AM", new, by=sound.actor(who), at=at, key=f"save-{who}")
    [one] = found(sound, "takers")
    assert one.sentence == (
        "Tom Teacher and Lee Leader each saved marks in the register of Kestrels on the morning of Monday 13 May. "
        "Do they agree?"
    )
    assert one.args == (sound.kestrels.pk, MONDAY, "AM")


@pytest.mark.policy("3.7-b")
def test_contacts_without_a_working_number_and_pupils_with_too_few(sound: Cast) -> None:
    ben, chloe, dev = (sound.pupil(name).contacts.get() for name in ("Ben", "Chloe", "Dev"))
    ben.contact.phones.all().delete()
    chloe.contact.phones.filter(order=2).update(number="+44 7700 900003")
    number = dev.contact.phones.first().number
    call = {"enrolment": sound.enrolments["Dev"], "contact": dev, "day": MONDAY, "half": "AM", "name": "Pat Ellis"}
    deed = begin("call.made", by=sound.by, at=EARLY, school=sound.hamsey.pk)
    Call.objects.create(**call, number=number.replace(" ", ""), outcome="wrong_number", deed=deed)
    chloe.contact.phones.filter(order=1).update(number="07700 900003")
    assert [one.sentence for one in found(sound, "numbers")] == [
        "Pat Carter (Mother of Ben Carter) has no number.",
        f"{number} of Pat Ellis (Mother of Dev Ellis) was a wrong number on Monday 13 May, and is still there.",
        "Ben Carter has no number to ring; the policy asks for 2.",
        "Chloe Dunn has 1 number to ring; the policy asks for 2.",
        "Dev Ellis has 1 number to ring; the policy asks for 2.",
    ]
    assert found(sound, "numbers")[0].args == (sound.pupil("Ben").pk, ben.contact_id)
    Call.objects.create(**call, number=number, outcome="reached", deed=deed)
    assert "Dev Ellis" not in " ".join(one.sentence for one in found(sound, "numbers"))


def test_a_barred_adults_number_is_none_to_ring(sound: Cast) -> None:
    link = sound.pupil("Ben").contacts.get()
    PupilContact.objects.filter(pk=link.pk).update(barred=True, barred_do="Ring the DSL")
    assert [one.sentence for one in found(sound, "numbers")] == [
        "Ben Carter has no number to ring; the policy asks for 2."
    ]


def test_each_finding_leads_whoever_may_mend_it_to_the_page(signed_in, sound: Cast) -> None:
    ClassMembership.objects.filter(enrolment=sound.enrolments["Ivo"]).delete()
    expect(sound, "Ben", "I")
    enter(sound, "Gus", MONDAY, "PM", "-")
    enter(sound, "Aisha", date(2024, 5, 6), "AM", "/")
    sound.pupil("Chloe").contacts.get().contact.phones.all().delete()
    together(sound, "Dev", "Esme")
    enter(sound, "Dev", MONDAY, "AM", "I")
    enter(sound, "Esme", MONDAY, "AM", "G")
    client = signed_in("secretary")
    shown = [one for kind in client.get("/day/hamsey/checks/").context["kinds"] for one in kind.lines]
    assert {one.finding.kind for one in shown} == set(KINDS) - {"leavers", "takers"}
    for one in shown:
        assert client.get(one.url).status_code == 200, one.finding.sentence
    seen = [one for kind in signed_in("dsl").get("/day/hamsey/checks/").context["kinds"] for one in kind.lines]
    assert [one.url for one in seen if one.finding.kind == "closed"] == [""], "they may not change the set-up"


def test_the_number_of_statements_does_not_grow(sound: Cast) -> None:
    def statements() -> int:
        with CaptureQueriesContext(connection) as caught:
            found(sound)
        return len(caught)

    together(sound, "Aisha", "Ben", "Jade")
    enter(sound, "Aisha", MONDAY, "AM", "I")
    few = statements()
    for n in range(12):
        pupil = Pupil(upn=upn(100 + n), legal_first="New", legal_last=f"Child{n}", known_first="New",
                      known_last=f"Child{n}", born=DAY - timedelta(days=3000), sex="F")  # fmt: skip
        schools.admit(pupil, sound.kestrels, year_group=4, admitted=date(2024, 5, 8), by=sound.by, at=FOUNDED)
        home = sound.pupil("Aisha").contacts.get().contact
        PupilContact.objects.create(pupil=pupil, contact=home, relationship="Aunt", lives_with=True)
    assert Enrolment.objects.filter(school=sound.hamsey).count() == 21
    assert statements() == few <= 16


def test_who_may_not_is_refused(signed_in) -> None:
    assert signed_in("stranger").get("/day/hamsey/checks/").status_code == 404
    assert signed_in("teacher").get("/day/hamsey/checks/").status_code == 403
