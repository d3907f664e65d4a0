"""What the pupil's page and the home page show of reports and doubts; and two people logging the same call at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from django.db import connection, connections

from rollcall.absence.actions.doubt_deciding import decide
from rollcall.absence.actions.doubts import Asking, answer, open_doubt, tell
from rollcall.absence.actions.reports import Absence, Caller, Known, log_report
from rollcall.absence.actions.withdrawing import withdraw_reports
from rollcall.absence.actions.words import hand_on, leave_word
from rollcall.absence.models import Report, Word
from rollcall.absence.queries.reports_for_others import happenings, waiting
from rollcall.accounts.queries import standing
from rollcall.registers.models import Expectation
from rollcall.schools.models import PupilContact
from rollcall.schools.queries import facts_of
from tests.cast import DAY, moment

LATER = date(2024, 5, 22)


def report(cast, name: str, key: str, who: str = "secretary", reason: str = "illness", at=None) -> Report | None:
    made = log_report(
        facts_of(cast.hamsey.pk), [cast.enrolments[name]], Absence(reason, DAY),
        Caller(link=PupilContact.objects.get(pupil=cast.pupil(name)).pk),
        by=cast.actor(who), at=at or moment(8, 20), key=key,
    )  # fmt: skip
    return Report.objects.filter(word=made.word).first()


def doubted(cast, made: Report, how: str = "phone"):
    link = PupilContact.objects.get(pupil=cast.pupil("Ben")).pk
    asking = Asking(
        "illness", (DAY, "AM"), (DAY, "PM"), "Five Tuesdays.", ("doctor's note",), link, how, date(2024, 5, 21), made
    )
    return open_doubt(cast.enrolments["Ben"], asking, by=cast.actor("head"), at=moment(9, 0), key="doubt")


def test_a_pupils_page_tells_what_was_reported_and_doubted(cast, django_assert_max_num_queries) -> None:
    one = doubted(cast, report(cast, "Ben", "a"))
    head = {"by": cast.actor("head"), "at": moment(9, 0, LATER)}
    answer(one, satisfied=False, words="Nothing to show", key="b", **head)
    tell(one, how="phone", contact=one.asked_of_id, words="Told Pat", key="c", **head)
    decide(one, code="O", because="No evidence came", key="d", **head)
    withdraw_reports([one.report], reason="A mistake", key="e", **head)
    hand_on(cast.hamsey, caller="Gran", about="Is worried", enrolment=cast.enrolments["Ben"], key="f", **head)
    with django_assert_max_num_queries(4):
        found = happenings([cast.enrolments["Ben"].pk])
    assert sorted(one.what for one in found[:5]) == [
        "Doubt decided: O, Tuesday 14 May",
        "Evidence does not settle it, Tuesday 14 May",
        "Gran handed on to the head of school",
        "Pat Carter told that it turns unauthorised (by phone), Tuesday 14 May",
        "Report withdrawn (Illness), Tuesday 14 May",
    ]
    assert [one.what for one in found[5:]] == [
        "Evidence asked for, Tuesday 14 May",
        "Reported away (Illness), Tuesday 14 May",
    ]
    assert found[-1].detail == "Pat Carter, mother told us." and found[-1].who.startswith("Sue Secretary")
    assert happenings([]) == [] == happenings([cast.enrolments["Aisha"].pk])


def test_what_waits_is_said_to_who_may_do_it(cast, django_assert_max_num_queries) -> None:
    office = {"by": cast.actor("office"), "at": moment(8, 0)}
    leave_word(cast.hamsey, channel="note", caller="Pat", words="Away", key="a", **office)
    hand_on(cast.hamsey, caller="Mo", about="A move", key="b", **office)
    doubted(cast, report(cast, "Ben", "c"))
    report(cast, "Chloe", "d", reason="holiday")

    def said(who: str, at) -> list[tuple[str, int]]:
        return [
            (one.words.removeprefix("Hamsey Primary School: "), one.n)
            for one in waiting(standing(cast.users[who], DAY), at)
        ]

    assert said("office", moment(9, 0)) == [("1 message in the inbox, the oldest for 1 hour", 1)]
    with django_assert_max_num_queries(12):
        told = said("head", moment(9, 0, LATER))
    assert told[1:] == [
        ("1 caller handed on", 1),
        ("1 report with the code to be decided", 1),
        ("1 doubt to decide on", 1),
    ]
    assert said("stranger", moment(9, 0)) == [] == said("teacher", moment(9, 0))


@pytest.mark.django_db(transaction=True)
def test_two_people_logging_the_same_call_in_the_same_instant_make_one_report(cast) -> None:
    both = Barrier(2)

    def press(who: str) -> str:
        try:
            both.wait()
            report(cast, "Ben", f"key-{who}", who)
        except Known as known:
            return str(known)
        finally:
            connections.close_all()
        return "made"

    actors = ("secretary", "office")
    with ThreadPoolExecutor(2) as pool:
        said = sorted(pool.map(press, actors))
    assert said[1] == "made" and "logged this at 8.20" in said[0]
    assert Report.objects.count() == Expectation.objects.count() == Word.objects.count() == 1
    assert connection.vendor in ("sqlite", "postgresql")
