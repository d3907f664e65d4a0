"""Around a register: changes after closing, amendments, history, cover, known absences, paper, what is not in."""

import pytest

from rollcall.accounts.models import Grant
from rollcall.registers.models import ChangeRequest, Entry
from rollcall.registers.queries.history import mark_history
from tests.cast import DAY, Cast, moment
from tests.rooms.registers.conftest import address, form, stands


@pytest.mark.policy("4.1-c")
def test_after_closing_a_teacher_asks_and_the_office_decides(signed_in, cast: Cast, clock, send) -> None:
    teacher, office, aisha = signed_in("teacher"), signed_in("secretary"), cast.enrolments["Aisha"].pk
    send(teacher, dict.fromkeys(["Aisha", "Ben", "Chloe", "Dev", "Esme", "Finn"], "N"))
    clock(moment(9, 30))
    ask = address(cast, "ask/")
    told = {"key": "key-ask-1", "enrolment": aisha, "code": "M", "reason": ""}
    assert "Say why" in teacher.post(ask, told).content.decode()
    assert "year 11" in teacher.post(ask, told | {"reason": "Study leave", "code": "S"}).content.decode()
    teacher.post(ask, told | {"reason": "She was at the dentist"})
    assert "Tom Teacher asks for M instead of N" in teacher.get(address(cast)).content.decode()
    wish = ChangeRequest.objects.get()
    assert "at the dentist" in office.get("/registers/changes/").content.decode()
    assert teacher.get("/registers/changes/").status_code == 403
    office.post(f"/registers/changes/{wish.pk}/", {"key": "key-no-1", "answer": "decline", "reason": ""})
    assert ChangeRequest.objects.get().accepted is None
    office.post(f"/registers/changes/{wish.pk}/", {"key": "key-yes1", "answer": "accept"})
    assert stands(cast, "Aisha") == "M"
    assert "became M" in teacher.get(address(cast)).content.decode()


@pytest.mark.policy("4.1-d")
@pytest.mark.policy("A1-e")
def test_unable_to_attend_is_kept_with_its_ground(signed_in, cast: Cast) -> None:
    client, url, ben = signed_in("teacher"), address(cast), cast.enrolments["Ben"].pk
    refused = form(client, url, **{f"other-{ben}": "Y", "do": "save"})
    assert "on which ground" in refused.content.decode()
    form(client, url, **{f"other-{ben}": "Y", f"ground-{ben}": "the road is flooded", "do": "save"})
    entry = Entry.objects.get()
    assert (entry.code, entry.ground) == ("Y", "the road is flooded")
    page = signed_in("secretary").get(f"/registers/marks/{ben}/{DAY}/am/").content.decode()
    assert "the road is flooded" in page


@pytest.mark.policy("4.1-c")
def test_the_office_amends_any_session_with_a_reason(signed_in, cast: Cast, send) -> None:
    office, day = signed_in("secretary"), "2023-09-12"
    assert "Why are marks entered" in office.get(address(cast, day=day)).content.decode()
    refused = send(office, {"Aisha": "I"}, day=day)
    assert refused.status_code == 422
    assert "Say why" in refused.json()["whole"]
    send(office, {"Aisha": "I"}, day=day, reason="From the paper register", key="key-0002")
    history = mark_history(cast.enrolments["Aisha"].pk, DAY.replace(2023, 9, 12), "AM").history
    assert [(e.code, e.reason) for e in history] == [("I", "From the paper register")]


@pytest.mark.policy("4.1-c")
def test_a_marks_history_shows_original_and_amended_with_who_and_why(signed_in, cast: Cast, clock, send) -> None:
    office = signed_in("secretary")
    send(signed_in("teacher"), {"Aisha": "N"})
    clock(moment(10, 0))
    send(office, {"Aisha": "I"}, seen="N", reason="Mother rang: a cold", key="key-0002")
    page = office.get(f"/registers/marks/{cast.enrolments['Aisha'].pk}/{DAY}/am/").content.decode()
    for words in ("First entered as", "Tom Teacher", "Class teacher", "Sue Secretary", "Mother rang: a cold", "9.05am"):
        assert words in page


@pytest.mark.policy("3.5-a")
def test_cover_is_given_for_a_day_by_one_press_and_ended_again(signed_in, cast: Cast) -> None:
    office, wilma = signed_in("secretary"), signed_in("wrens_teacher")
    told = {
        "key": "key-cov1",
        "school_class": cast.kestrels.pk,
        "user": cast.users["wrens_teacher"].pk,
        "day": str(DAY),
    }
    assert wilma.get(address(cast)).status_code == 403
    office.post("/registers/cover/", told)
    office.post("/registers/cover/", told)
    assert wilma.get(address(cast)).status_code == 200
    page = office.get("/registers/cover/")
    line = next(line for line in page.context["lines"] if line["class"] == cast.kestrels)
    grant = next(c["taker"].grant for c in line["covers"] if c["taker"].name == "Wilma Wren")
    office.post(f"/registers/cover/{grant}/end/", {"key": "key-end1"})
    assert wilma.get(address(cast)).status_code == 403


def test_nobody_is_offered_cover_of_a_class_that_is_theirs(signed_in, cast: Cast) -> None:
    office, tom, cal = signed_in("secretary"), cast.users["teacher"], cast.users["cover"]
    lines = {line["class"].name: line for line in office.get("/registers/cover/").context["lines"]}
    offered = {name: {user for user, _ in line["people"]} for name, line in lines.items()}
    assert not {tom.pk, cal.pk} & offered["Kestrels"]
    assert {tom.pk, cal.pk} <= offered["Wrens"]
    told = {"key": "key-own1", "school_class": cast.kestrels.pk, "day": str(DAY)}
    answer = office.post("/registers/cover/", told | {"user": tom.pk}, follow=True)
    assert "Tom Teacher is the teacher of Kestrels and takes its register without cover." in answer.content.decode()
    answer = office.post("/registers/cover/", told | {"user": cal.pk}, follow=True)
    assert "They have Kestrels on Tuesday 14 May already." in answer.content.decode()
    assert Grant.objects.filter(user__in=[tom, cal]).count() == 2


def test_a_known_absence_is_entered_shown_and_withdrawn(signed_in, cast: Cast) -> None:
    office, teacher = signed_in("secretary"), signed_in("teacher")
    told = {
        "key": "key-exp1",
        "enrolment": cast.enrolments["Ben"].pk,
        "code": "M",
        "ground": "dentist at 9.30",
        "told_by": "Ms Carter",
        "first_day": "2024-05-14",
        "first_half": "AM",
        "last_day": "2024-05-13",
        "last_half": "AM",
        "back_on": "",
    }
    assert "must not lie before" in office.post("/registers/expected/", told).content.decode()
    office.post("/registers/expected/", told | {"last_day": "2024-05-14"})
    assert "dentist at 9.30" in teacher.get(address(cast)).content.decode()
    standing = office.get("/registers/expected/").context["standing"][0]["e"]
    office.post(f"/registers/expected/{standing.id}/withdraw/", {"key": "key-wd01", "reason": "It was moved"})
    assert "dentist" not in teacher.get(address(cast)).content.decode()


def test_the_paper_register_has_a_box_for_each_session_of_the_week(signed_in, cast: Cast) -> None:
    page = signed_in("teacher").get(f"/registers/{cast.kestrels.pk}/paper/?day=2024-05-07&span=week").content.decode()
    assert page.count('class="paper__box paper__box--shut"') == 12
    assert "Time taken" in page


def test_which_registers_are_not_in_is_live_and_the_passing_of_time_is_news(signed_in, cast, clock, counted) -> None:
    office = signed_in("secretary")
    page = office.get("/registers/missing/")
    assert "0 of 2" in page.content.decode()
    with counted() as statements:
        again = office.get("/registers/missing/", headers={"X-Part": "live", "If-None-Match": page["ETag"]})
    assert again.status_code == 304
    assert len(statements) <= 10, [text[:200] for text in statements]
    clock(moment(9, 15))
    late = office.get("/registers/missing/", headers={"X-Part": "live", "If-None-Match": page["ETag"]})
    assert late.status_code == 200
    assert "Not in" in late.content.decode()


@pytest.mark.policy("4.1-c")
def test_amending_is_the_offices_alone_and_never_without_a_reason(signed_in, cast: Cast) -> None:
    body = {"key": "key-amend", "marks": [{"enrolment": cast.enrolments["Aisha"].pk, "code": "I", "seen": "-"}]}
    more = {"content_type": "application/json", "headers": {"Accept": "application/json"}}
    assert signed_in("teacher").post(address(cast, "amend/"), body, **more).status_code == 403
    office = signed_in("secretary")
    assert "Say why" in office.post(address(cast, "amend/"), body, **more).json()["error"]
    assert office.post(address(cast, "amend/"), body | {"reason": "Mother rang"}, **more).status_code == 200
    assert stands(cast, "Aisha") == "I"
    assert office.get(address(cast, "amend/"))["Location"] == address(cast)
