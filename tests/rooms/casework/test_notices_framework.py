"""Notices under edition 2024, from its data alone: amounts, a second and no third, the last chance, the law."""

from datetime import date, datetime, timedelta

import pytest

from rollcall.casework.actions import notice_issuing
from rollcall.casework.actions.improving import Chance, end_chance, give_chance
from rollcall.casework.actions.notices import NotDone, Wanted, propose
from rollcall.casework.models import Notice, NoticeToImprove
from rollcall.casework.queries.gate import Gate, checklist_of
from rollcall.casework.queries.notices import line_of
from rollcall.casework.queries.prompts import prompts_of_pupil
from rollcall.journal import actions as journal
from rollcall.journal.actor import INSTALLER
from rollcall.outbox.models import Message
from rollcall.registers.actions.writing import NewEntry, write_entries
from rollcall.rules.policy import shipped_text
from rollcall.rules.sessions import HALVES
from rollcall.schools import actions as schools
from rollcall.schools.queries import facts_of
from tests.cast import FOUNDED, Cast, moment
from tests.rooms.casework.marking import phone
from tests.rooms.casework.noticing import parent_of, ready, wanted

FIRST = date(2024, 9, 4)
TODAY = date(2024, 10, 1)
AT = moment(16, 0, TODAY)


@pytest.fixture
def framework(cast: Cast) -> Cast:
    """The federation under the national template since September 2024."""
    phone(cast)
    by = {"by": INSTALLER, "at": FOUNDED}
    schools.adopt_policy(
        cast.federation, document=shipped_text("national"), effective=date(2024, 9, 1), approved=date(2024, 7, 1),
        review=date(2026, 7, 1), **by,
    )  # fmt: skip
    for start in (2024, 2025):
        schools.add_year(cast.hamsey, start, [("All", date(start, 9, 2), date(start + 1, 7, 22))], **by)
    return cast


def away(cast: Cast, first: date, n_days: int = 5) -> None:
    """Away for days in a row."""
    facts = facts_of(cast.hamsey.pk)
    ahead = (first + timedelta(days=n) for n in range(3 * n_days + 9))
    days = [day for day in ahead if facts.is_school_day(day)][:n_days]
    deed = journal.begin("test.away", by=INSTALLER, at=AT, school=cast.hamsey.pk)
    entries = [NewEntry(cast.enrolments["Aisha"].pk, day, half, "O") for day in days for half in HALVES]
    write_entries(cast.hamsey.pk, entries, deed)


def notice(cast: Cast, at: datetime) -> Notice:
    """A notice on the one prompt there is, issued by the head teacher."""
    facts, pupil = facts_of(cast.hamsey.pk), cast.pupil("Aisha").pk
    (one,) = prompts_of_pupil(pupil, facts, at)
    answers = {point.id: "yes" for point in checklist_of(facts.policy_on(at.date()), "irregular")}
    gate = Gate(not_apt="Refused in September", answers=answers)
    sessions = [seen.session for seen in one.prompt.sessions]
    (row,) = propose(
        pupil, Wanted([parent_of(cast, "Aisha")], "irregular", sessions, gate=gate), school=cast.hamsey.pk,
        by=cast.actor("head"), at=at, key=f"p{at}",
    )  # fmt: skip
    more = {"issuer": "head_of_school", "school": cast.hamsey.pk, "in_demo": False, "by": cast.actor("head")}
    notice_issuing.issue(row.pk, at=at, key=f"i{at}", **more)
    row.refresh_from_db()
    return row


@pytest.mark.policy("5.2-a")
@pytest.mark.policy("5.2-c")
def test_80_and_160_then_160_alone_then_none(framework: Cast) -> None:
    away(framework, FIRST)
    first = notice(framework, AT)
    assert (first.edition, first.terms["reduced"], first.terms["full"]) == ("2024", 80, 160)
    later = moment(16, 0, date(2025, 2, 3))
    away(framework, date(2025, 1, 6))
    second = notice(framework, later)
    assert (second.terms["reduced"], second.terms["full"], second.terms["full_days"]) == (None, 160, 28)
    assert "£160 within 28 days, counted" in Message.objects.filter(subject__startswith="Penalty").last().body
    away(framework, date(2025, 5, 6))
    with pytest.raises(NotDone, match="2 notices have been issued to this parent for this child in three years"):
        notice(framework, moment(16, 0, date(2025, 6, 2)))


@pytest.mark.policy("5.2-c")
def test_no_warning_is_asked_for_and_the_weeks_roll(framework: Cast) -> None:
    away(framework, FIRST, 2)
    away(framework, date(2024, 10, 14), 3)
    (one,) = prompts_of_pupil(
        framework.pupil("Aisha").pk, facts_of(framework.hamsey.pk), moment(16, 0, date(2024, 10, 21))
    )
    assert one.prompt.warned is None and len(one.prompt.sessions) == 10
    assert "in 10 school weeks" in one.prompt.sentence


def chance(cast: Cast, weeks: int = 4, begins: date = TODAY, enough: str = "In every day", key: str = "c", **more):
    given = Chance(begins, weeks, enough, "Breakfast club each morning")
    return give_chance(
        cast.pupil("Aisha").pk, given, school=cast.hamsey.pk, by=cast.actor("head"), at=AT, key=key, **more
    )


@pytest.mark.policy("5.2-c")
def test_a_notice_to_improve_has_its_period_and_a_person_says_what_came_of_it(framework: Cast) -> None:
    away(framework, FIRST)
    for weeks, said in ((2, "from 3 to 6 weeks"), (7, "from 3 to 6 weeks")):
        with pytest.raises(NotDone, match=said):
            chance(framework, weeks)
    with pytest.raises(NotDone, match="today or later"):
        chance(framework, begins=AT.date() - timedelta(days=1))
    with pytest.raises(NotDone, match="what has to be reached"):
        chance(framework, enough=" ")
    row = chance(framework)
    assert (row.begins, row.ends) == (date(2024, 10, 1), date(2024, 10, 28))
    assert chance(framework).pk == row.pk, "pressed twice is done once"
    assert "It runs until Monday 28 October 2024" in Message.objects.get().body
    with pytest.raises(NotDone, match="runs already"):
        chance(framework, key="c2")
    with pytest.raises(NotDone, match="record first what came of it"):
        notice(framework, AT)
    end = {"words": "Away on six days", "by": framework.actor("head")}
    with pytest.raises(NotDone, match="until then there is time"):
        end_chance(row.pk, "not_improved", at=AT, key="e1", **end)
    after = moment(16, 0, date(2024, 10, 29))
    end_chance(row.pk, "not_improved", at=after, key="e2", **end)
    with pytest.raises(NotDone, match="recorded already"):
        end_chance(row.pk, "improved", at=after, key="e3", **end)
    assert NoticeToImprove.objects.get().outcome == "not_improved"
    assert notice(framework, after).issued_on == date(2024, 10, 29)


@pytest.mark.policy("5.2-a")
def test_the_federations_policy_knows_no_notice_to_improve(cast: Cast) -> None:
    phone(cast)
    given = Chance(date(2024, 5, 14), 4, "In every day", "Breakfast club")
    with pytest.raises(NotDone, match="knows no notice to improve"):
        give_chance(
            cast.pupil("Aisha").pk, given, school=cast.hamsey.pk, by=cast.actor("head"), at=moment(9, 5), key="c"
        )


@pytest.mark.policy("5.2-a")
def test_outside_the_demo_no_notice_is_issued_under_an_edition_that_is_not_in_force(cast: Cast) -> None:
    ready(cast)
    pupil, late = cast.pupil("Aisha").pk, moment(16, 0, date(2024, 9, 2))
    (row,) = propose(
        pupil, wanted(cast, "Aisha"), school=cast.hamsey.pk, by=cast.actor("exec"), at=moment(9, 5), key="p"
    )
    more = {"issuer": "executive_headteacher", "school": cast.hamsey.pk, "by": cast.actor("exec"), "at": late}
    with pytest.raises(NotDone, match="that of 2024 is in force"):
        notice_issuing.issue(row.pk, in_demo=False, key="i1", **more)
    notice_issuing.issue(row.pk, in_demo=True, key="i2", **more)
    assert line_of(row.pk, late).notice.terms["full"] == 120


@pytest.mark.policy("5.2-a")
def test_one_proposed_under_the_old_edition_is_not_issued_under_the_new(cast: Cast) -> None:
    ready(cast)
    pupil = cast.pupil("Aisha").pk
    (row,) = propose(
        pupil, wanted(cast, "Aisha"), school=cast.hamsey.pk, by=cast.actor("exec"), at=moment(9, 5), key="p"
    )
    schools.adopt_policy(
        cast.federation, document=shipped_text("national"), effective=date(2024, 9, 1), approved=date(2024, 7, 1),
        review=date(2026, 7, 1), by=INSTALLER, at=FOUNDED,
    )  # fmt: skip
    with pytest.raises(NotDone, match="proposed under the law of 2006"):
        notice_issuing.issue(
            row.pk, issuer="executive_headteacher", school=cast.hamsey.pk, in_demo=False, by=cast.actor("exec"),
            at=moment(16, 0, date(2024, 9, 2)), key="i",
        )  # fmt: skip
