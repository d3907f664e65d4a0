"""The register's page: opening, saving as it goes, the plain form, and what each refuses."""

import json
import re

import pytest

from rollcall.registers import actions
from rollcall.registers.models import Entry, Submission
from rollcall.registers.queries.history import mark_history
from tests.cast import DAY, Cast, moment
from tests.rooms.registers.conftest import address, form, stands


@pytest.mark.policy("3.5-a")
def test_a_teacher_lands_on_the_register_that_is_due(signed_in, cast: Cast) -> None:
    answer = signed_in("teacher").get("/registers/")
    assert answer["Location"] == address(cast)


def test_before_it_opens_a_teacher_is_told_when(signed_in, cast: Cast, clock) -> None:
    client = signed_in("teacher")
    clock(moment(8, 0))
    page = client.get("/registers/").content.decode()
    assert "opens today at 8.40am" in page


def test_on_a_closed_day_a_teacher_is_told_why(signed_in, clock) -> None:
    client = signed_in("teacher")
    clock(moment(9, 0, DAY.replace(day=6)))
    page = client.get("/registers/").content.decode()
    assert "Early May" in page
    assert "Tuesday 7 May at 8.40am" in page


def test_the_office_chooses_among_the_classes_of_its_school(signed_in, cast: Cast) -> None:
    page = signed_in("secretary").get("/registers/").content.decode()
    assert "Kestrels" in page
    assert "Wrens" in page
    assert "Otters" not in page


def test_opening_a_register_takes_at_most_ten_queries(signed_in, cast: Cast, counted) -> None:
    client = signed_in("teacher")
    client.get(address(cast))
    with counted() as statements:
        page = client.get(address(cast))
    assert page.status_code == 200
    assert len(statements) <= 10, [text[:200] for text in statements]
    assert len(page.content) < 300_000


def test_every_line_has_names_and_ids_of_its_own(signed_in, cast: Cast) -> None:
    page = signed_in("teacher").get(address(cast)).content.decode()
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    for name in ("Aisha", "Ben", "Finn"):
        n = cast.enrolments[name].pk
        assert page.count(f'name="mark-{n}"') == 4
        assert page.count(f'name="other-{n}"') == 1


def test_saving_takes_at_most_ten_statements(signed_in, cast: Cast, counted, send) -> None:
    client = signed_in("teacher")
    client.get(address(cast))
    with counted() as statements:
        answer = send(client, dict.fromkeys(["Aisha", "Ben", "Chloe", "Dev", "Esme", "Finn"], "/"))
    assert answer.json() == {"at": "9.05am", "written": 6, "repeated": False}
    assert len(statements) <= 10, [text[:200] for text in statements]


def test_asking_whether_anything_moved_costs_little_and_says_304(signed_in, cast: Cast, counted, send) -> None:
    client = signed_in("teacher")
    first = client.get(address(cast, "live/"))
    with counted() as statements:
        again = client.get(address(cast, "live/"), headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304
    assert len(statements) <= 6, [text[:200] for text in statements]
    send(client, {"Aisha": "N"})
    news = client.get(address(cast, "live/"), headers={"If-None-Match": first["ETag"]})
    assert news.json()["rows"][str(cast.enrolments["Aisha"].pk)]["code"] == "N"


def test_a_code_that_cannot_be_true_is_refused_in_place_and_nothing_else_is_lost(signed_in, cast: Cast, send) -> None:
    answer = send(signed_in("teacher"), {"Aisha": "/", "Ben": "S"})
    assert answer.status_code == 422
    assert list(answer.json()["refused"]) == [str(cast.enrolments["Ben"].pk)]
    assert not Entry.objects.exists()


def test_what_somebody_else_marked_is_named_with_who_and_when(signed_in, cast: Cast, send) -> None:
    send(signed_in("secretary"), {"Aisha": "I"}, key="key-sue1")
    answer = send(signed_in("teacher"), {"Aisha": "/"}, key="key-tom1")
    assert answer.status_code == 409
    said = answer.json()["changed"][str(cast.enrolments["Aisha"].pk)]
    assert said == {"code": "I", "by": "Sue Secretary", "at": "9.05am"}


def test_the_same_save_twice_is_one_and_a_key_of_another_act_is_none(signed_in, cast: Cast, send) -> None:
    client = signed_in("teacher")
    send(client, {"Aisha": "/"})
    assert send(client, {"Aisha": "/"}).json()["repeated"]
    assert Entry.objects.count() == 1


def test_signed_out_meanwhile_a_script_is_told_so(client, cast: Cast, send, clock) -> None:
    clock(cast.at)
    answer = send(client, {"Aisha": "/"})
    assert answer.status_code == 401
    assert "Sign in again" in answer.json()["error"]


def test_nothing_is_saved_under_the_name_of_who_signed_in_meanwhile(signed_in, cast: Cast, send) -> None:
    answer = send(signed_in("secretary"), {"Aisha": "/"}, user=cast.users["teacher"].pk)
    assert answer.status_code == 401
    assert answer.json()["other"]
    assert not Entry.objects.exists()
    live = signed_in("secretary").get(address(cast, "live/"), headers={"X-User": str(cast.users["teacher"].pk)})
    assert live.status_code == 401


HOSTILE = [
    b"",
    b"not json",
    b"[]",
    b"{}",
    b'{"key": "key-0001"}',
    b'{"key": "key-0001", "marks": {}}',
    b'{"key": "key-0001", "marks": [7]}',
    b'{"key": "short", "marks": [{"enrolment": 1, "code": "/"}]}',
    b'{"key": "key-0001", "marks": [{"enrolment": "1", "code": "/"}]}',
    b'{"key": "key-0001", "marks": [{"enrolment": true, "code": "/"}]}',
    b'{"key": "key-0001", "marks": [{"enrolment": 1, "code": 7}]}',
    b'{"key": "key-0001", "marks": [{"enrolment": 1, "code": "XYZ"}]}',
    b'{"key": "key-0001", "marks": [{"enrolment": 1, "code": "L", "minutes": 1.5}]}',
    b'{"key": "key-0001", "marks": [{"enrolment": 99999999999999999999, "code": "/"}]}',
    b'{"key": "key-0001", "marks": [{"enrolment": 1, "code": "/", "seen": []}]}',
    json.dumps({"key": "key-0001", "marks": [{"enrolment": n, "code": "/"} for n in range(1, 10_001)]}).encode(),
    b"[" * 100_000,
    b'\xff\xfe{"key": 1}',
]


@pytest.mark.parametrize("body", HOSTILE)
def test_a_hostile_save_gets_a_sentence_and_writes_nothing(signed_in, cast: Cast, body: bytes) -> None:
    client = signed_in("teacher")
    answer = client.post(
        address(cast, "save/"), body, content_type="application/json", headers={"Accept": "application/json"}
    )
    assert answer.status_code == 400
    assert answer.json()["error"].endswith(".")
    assert not Entry.objects.exists()


def test_another_classs_pupils_are_refused_one_by_one(signed_in, cast: Cast, send) -> None:
    answer = send(signed_in("teacher"), {"Gus": "/", "Jade": "/"})
    assert answer.status_code == 422
    assert len(answer.json()["refused"]) == 2
    assert not Entry.objects.exists()


@pytest.mark.parametrize(
    ("person", "status"),
    [("wrens_teacher", 403), ("governor", 403), ("analyst", 403), ("stranger", 404), ("cover", 200), ("exec", 200)],
)
def test_who_may_open_a_register(signed_in, cast: Cast, person: str, status: int) -> None:
    assert signed_in(person).get(address(cast)).status_code == status


@pytest.mark.policy("3.5-a")
def test_cover_reaches_the_registers_of_its_own_day_and_of_no_other(signed_in, cast: Cast, send, clock) -> None:
    client, other = signed_in("cover"), DAY.replace(day=13)
    for what in ("", "live/"):
        assert client.get(address(cast, what)).status_code == 200
        assert client.get(address(cast, what, day=other)).status_code == 403
    assert send(client, {"Aisha": "O"}, day=other).status_code == 403
    assert client.post(address(cast, "submit/", day=other)).status_code == 403
    assert send(client, {"Aisha": "/"}).status_code == 200
    clock(moment(9, 5, DAY.replace(day=15)))
    assert client.get(address(cast)).status_code == 404
    assert Entry.objects.count() == 1


def test_a_guessed_class_or_day_is_not_found(signed_in, cast: Cast) -> None:
    client = signed_in("teacher")
    assert client.get("/registers/999999/2024-05-14/am/").status_code == 404
    assert client.get(address(cast, day="2024-02-31")).status_code == 404
    assert client.get(address(cast, day="2019-05-14")).status_code == 404


def test_a_session_to_come_and_a_closed_day_have_no_marks(signed_in, cast: Cast, send) -> None:
    client = signed_in("teacher")
    assert "opens at 1.00pm" in client.get(address(cast, half="pm")).content.decode()
    assert "opens at 13.00" in send(client, {"Aisha": "\\"}, half="pm").json()["error"]
    assert "Early May" in client.get(address(cast, day="2024-05-06")).content.decode()
    assert "Early May" in send(client, {"Aisha": "/"}, day="2024-05-06").json()["error"]


def test_a_pupil_who_left_or_has_not_joined_is_not_in_the_register(signed_in, cast: Cast, send) -> None:
    for name, column, day in (("Aisha", "left", DAY.replace(day=10)), ("Ben", "admitted", DAY.replace(day=20))):
        enrolment = cast.enrolments[name]
        setattr(enrolment, column, day)
        enrolment.save()
    client = signed_in("teacher")
    page = client.get(address(cast)).content.decode()
    assert "Aisha" not in page
    assert "Ben Carter" not in page
    assert set(send(client, {"Aisha": "/", "Ben": "/"}).json()["refused"]) == {
        str(cast.enrolments["Aisha"].pk),
        str(cast.enrolments["Ben"].pk),
    }


def test_without_scripts_the_form_saves_marks_the_rest_and_hands_in(signed_in, cast: Cast) -> None:
    client, url = signed_in("teacher"), address(cast)
    ben, chloe = cast.enrolments["Ben"].pk, cast.enrolments["Chloe"].pk
    form(client, url, **{f"mark-{ben}": "I", f"other-{chloe}": "M", "do": "save"})
    assert (stands(cast, "Ben"), stands(cast, "Chloe"), stands(cast, "Aisha")) == ("I", "M", "-")
    early = form(client, url, do="submit")
    assert "no mark yet" in early.content.decode()
    form(client, url, do="rest")
    assert (stands(cast, "Ben"), stands(cast, "Aisha")) == ("I", "/")
    form(client, url, do="submit")
    assert Submission.objects.get().late is False
    assert "by Tom Teacher (Class teacher)" in client.get(url).content.decode()


def test_the_rest_present_never_touches_a_pupil_with_an_expectation(signed_in, cast: Cast) -> None:
    actions.expect(
        cast.enrolments["Ben"],
        first=(DAY, "AM"),
        last=(DAY, "PM"),
        code="I",
        ground="rang 8.20: tummy",
        by=cast.actor("secretary"),
        at=cast.at,
        told_by="Ms Carter",
    )
    client, url = signed_in("teacher"), address(cast)
    page = client.get(url).content.decode()
    assert "rang 8.20: tummy" in page
    assert "Ms Carter told us" in page
    form(client, url, do="rest")
    assert (stands(cast, "Ben"), stands(cast, "Aisha")) == ("-", "/")


def test_without_scripts_a_refused_mark_stays_with_its_sentence_and_the_others_are_saved(signed_in, cast) -> None:
    client, url = signed_in("teacher"), address(cast)
    aisha, ben = cast.enrolments["Aisha"].pk, cast.enrolments["Ben"].pk
    answer = form(client, url, **{f"mark-{aisha}": "/", f"other-{ben}": "S", "do": "save"})
    page = answer.content.decode()
    assert "year 11" in page
    assert stands(cast, "Aisha") == "/"
    assert next(r for r in answer.context["rows"] if r.line.enrolment == ben).other == "S"


def test_the_form_posted_twice_is_one_save(signed_in, cast: Cast) -> None:
    client, url = signed_in("teacher"), address(cast)
    hidden = {"key": "abcdefgh", f"mark-{cast.enrolments['Ben'].pk}": "N", "do": "save"}
    client.post(url, hidden)
    client.post(url, hidden)
    assert Entry.objects.count() == 1


@pytest.mark.policy("4.4-a")
@pytest.mark.policy("4.4-b")
def test_minutes_late_come_from_the_clock_and_can_be_changed(signed_in, cast: Cast) -> None:
    client, url, ben = signed_in("teacher"), address(cast), cast.enrolments["Ben"].pk
    form(client, url, **{f"mark-{ben}": "L", "do": "save"})
    assert mark_history(ben, DAY, "AM").minutes_late == 25
    form(client, url, **{f"mark-{ben}": "L", f"minutes-{ben}": "5", f"was-{ben}": "25", "do": "save"})
    assert mark_history(ben, DAY, "AM").minutes_late == 5


@pytest.mark.policy("4.4-b")
def test_after_closing_the_page_proposes_u_instead_of_l(signed_in, cast: Cast, clock) -> None:
    client = signed_in("teacher")
    assert client.get(address(cast)).context["way"].usual == ("/", "N", "L", "I")
    clock(moment(9, 15))
    assert client.get(address(cast)).context["way"].usual == ("/", "N", "U", "I")


def test_a_register_taken_after_closing_is_shown_as_late(signed_in, cast: Cast, clock) -> None:
    client, url = signed_in("teacher"), address(cast)
    clock(moment(9, 40))
    assert "can still be taken" in client.get(url).content.decode()
    form(client, url, do="rest")
    form(client, url, do="submit")
    assert "taken late" in client.get(url).content.decode()


@pytest.mark.policy("W-f")
@pytest.mark.parametrize(("minute", "late"), [(14, False), (15, True)])
def test_a_register_is_late_from_the_minute_in_which_it_closes(cast: Cast, minute: int, late: bool) -> None:
    names = ("Aisha", "Ben", "Chloe", "Dev", "Esme", "Finn")
    marks = [actions.NewMark(cast.enrolments[name].pk, "/") for name in names]
    by = cast.actor("teacher")
    actions.record_marks(cast.kestrels, DAY, "AM", marks, by=by, at=moment(9, 10), key="k1")
    assert actions.submit_register(cast.kestrels, DAY, "AM", by=by, at=moment(9, minute), key="k2").late == late


def test_a_paper_register_keeps_both_times(signed_in, cast: Cast, clock) -> None:
    client, url = signed_in("teacher"), address(cast)
    clock(moment(11, 40))
    form(client, url, do="rest")
    form(client, url, do="submit", taken_at="9.02")
    handed = Submission.objects.get()
    assert (handed.taken_at, handed.deed.at, handed.late) == (moment(9, 2), moment(11, 40), False)
    assert "taken on paper at 9.02am" in client.get(url).content.decode()
