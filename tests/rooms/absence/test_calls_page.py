"""The call list's page: an unanswered call is one tap, reached leads to reason and code (4.5-a, 4.5-b)."""

import pytest

from rollcall.absence.models import Alert, Call, Report
from rollcall.absence.views.live import forget_drawn
from rollcall.registers.queries.today import marks_now
from tests.cast import DAY, Cast, moment
from tests.rooms.absence.calling import URL, mark, names, second_contact, the_rest_present


@pytest.fixture(autouse=True)
def _nothing_drawn() -> None:
    forget_drawn()


def test_an_unanswered_call_is_one_tap_on_the_page(cast: Cast, signed_in, clock) -> None:
    second_contact(cast, "Ben")
    the_rest_present(cast, "Ben")
    mark(cast, "Ben", "N")
    office = signed_in("office")
    clock(moment(9, 40))
    page = office.get(URL).content.decode()
    assert "Pat Carter" in page
    assert "25 minutes" in page
    assert 'href="tel:07700900' in page
    link = cast.pupil("Ben").contacts.get(order=1)
    value = f"{cast.enrolments['Ben'].pk}|{link.pk}|{link.contact.phones.get().number}|no_answer|0"
    assert f'value="{value}"' in page
    answer = office.post(f"{URL}log/", {"key": "k", "tap": value}, follow=True)
    assert "logged, Pat Carter, no answer" in answer.content.decode()
    assert Call.objects.get().number == link.contact.phones.get().number
    office.post(f"{URL}log/", {"key": "k", "tap": value})
    assert Call.objects.count() == 1
    office.post(f"{URL}log/", {"undo": Call.objects.get().pk})
    assert Call.objects.get().withdrawn is not None


@pytest.mark.policy("4.5-b")
def test_reached_leads_straight_to_the_reason_and_the_code(cast: Cast, signed_in, clock) -> None:
    the_rest_present(cast, "Ben")
    mark(cast, "Ben", "N")
    office = signed_in("office")
    clock(moment(9, 40))
    link = cast.pupil("Ben").contacts.get()
    number = link.contact.phones.get().number
    ben = cast.enrolments["Ben"].pk
    answer = office.post(f"{URL}log/", {"key": "k", "tap": f"{ben}|{link.pk}|{number}|reached|0"})
    assert answer["Location"] == f"/day/calls/{ben}/reason/"
    page = office.get(answer["Location"]).content.decode()
    assert "Illness: I" in page
    told = {"key": "r", "who": "Pat Carter", "reason": "illness", "note": "A cold", "back_on": "2024-05-16"}
    assert office.post(answer["Location"], told).status_code == 302
    made = Report.objects.get()
    assert (made.code, made.contact, made.back_on.isoformat()) == ("I", link, "2024-05-16")
    assert next(m.code for m in marks_now([cast.hamsey.pk], DAY, "AM") if m.enrolment == ben) == "I"
    assert names(cast, moment(9, 41)) == []


def test_a_return_in_the_past_is_said_beside_its_field(cast: Cast, signed_in, clock) -> None:
    the_rest_present(cast, "Ben")
    mark(cast, "Ben", "N")
    office = signed_in("office")
    clock(moment(9, 40))
    told = {"key": "r", "who": "Pat", "reason": "illness", "back_on": "2024-05-13"}
    answer = office.post(f"/day/calls/{cast.enrolments['Ben'].pk}/reason/", told)
    assert answer.status_code == 422
    assert "does not lie after the day away" in answer.content.decode()
    assert not Report.objects.exists()


def test_who_was_reached_and_does_not_know_is_told_of_at_once(cast: Cast, signed_in, clock) -> None:
    the_rest_present(cast, "Ben")
    mark(cast, "Ben", "N")
    office = signed_in("office")
    clock(moment(9, 40))
    url = f"/day/calls/{cast.enrolments['Ben'].pk}/tell/"
    assert office.get(url).status_code == 200
    office.post(url, {"key": "t", "words": "Mum thought he was here"})
    assert (Alert.objects.get().kind, Alert.objects.get().words) == ("not_known", "Mum thought he was here")


def test_only_the_safeguarding_lead_reads_why_a_contact_is_barred(cast: Cast, signed_in, clock) -> None:
    second_contact(cast, "Ben", barred=True)
    the_rest_present(cast, "Ben")
    mark(cast, "Ben", "N")
    shown = {}
    for person in ("office", "dsl"):
        client = signed_in(person)
        clock(moment(9, 40))
        shown[person] = client.get(URL).content.decode()
    assert "do not contact, do not tell, do not release" in shown["office"]
    assert "A court order" not in shown["office"]
    assert "A court order" in shown["dsl"]
    assert "|07700 900555|" not in shown["office"]


def test_it_takes_as_many_questions_for_nine_children_as_for_one(
    cast: Cast, signed_in, clock, django_assert_max_num_queries
) -> None:
    the_rest_present(cast, "Ben")
    mark(cast, "Ben", "N")
    office = signed_in("office")
    clock(moment(9, 40))
    office.get(URL)
    for name in ("Aisha", "Chloe", "Dev", "Esme", "Finn", "Gus", "Hana", "Ivo"):
        mark(cast, name, "N", at=moment(9, 41))
    with django_assert_max_num_queries(38):
        page = office.get(URL).content.decode()
    assert page.count('class="card call') == 9
