"""The pages of trips and activities: the form, the list, one activity, who may see and confirm which."""

import re

import pytest

from rollcall.absence.models import Activity
from rollcall.absence.queries.activities import seated_in
from rollcall.absence.views.live import forget_drawn
from tests.cast import DAY, Cast
from tests.rooms.absence.trips import ADD, LIST, code, trip


@pytest.fixture(autouse=True)
def _nothing_drawn() -> None:
    forget_drawn()


def form(cast: Cast, **more) -> dict[str, object]:
    teacher = cast.users["teacher"].person_id
    return {
        "key": "k" * 12, "title": "Museum", "code": "V", "first_day": f"{DAY}", "first_half": "AM", "last_half": "PM",
        "leader": str(teacher), "phone": "07700 900999", "classes": [str(cast.kestrels.pk)],
        "stay": [str(cast.enrolments["Finn"].pk)], "go": [str(cast.enrolments["Gus"].pk)],
    } | more  # fmt: skip


def test_the_whole_way_on_the_pages(cast: Cast, signed_in, django_assert_max_num_queries) -> None:
    office, teacher = signed_in("office"), signed_in("teacher")
    with django_assert_max_num_queries(16):
        assert office.get(ADD).status_code == 200
    answer = office.post(ADD, form(cast))
    activity = Activity.objects.get()
    assert answer.headers["Location"] == f"/day/activities/{activity.pk}/"
    with django_assert_max_num_queries(16):
        assert "Museum" in office.get(LIST).content.decode()
    url = f"/day/activities/{activity.pk}/"
    with django_assert_max_num_queries(20):
        page = teacher.get(url).content.decode()
    assert "All 6 are there" in page and "Gus Hill" in page and "<strong>Finn Gray" not in page
    seats = {one.name.split()[0]: one.place for one in seated_in(activity, DAY, "AM")}
    said = {"key": "s" * 12, "day": f"{DAY}", "half": "AM", "said_by": "Tom Teacher"}
    said |= {f"seen-{place}": "-" for place in seats.values()}
    teacher.post(f"{url}confirm/", said | {"do": f"not-{seats['Ben']}"})
    assert code(cast, "Ben") == "N"
    assert "The other 5 children are there" in teacher.get(url).content.decode()
    teacher.post(f"{url}confirm/", said | {"do": "all"})
    assert [code(cast, name) for name in ("Aisha", "Ben", "Gus")] == ["V", "N", "V"]
    assert "Everybody has been spoken for" in teacher.get(url).content.decode()
    office.post(f"{url}out/", {"key": "o" * 12, "place": seats["Ben"], "reason": "Missed the coach"})
    assert "Ben Carter was taken out: Missed the coach" in office.get(url).content.decode()
    office.post(f"{url}join/", {"key": "j" * 12, "enrolment": cast.enrolments["Ben"].pk})
    assert "was taken out" not in office.get(url).content.decode()
    office.post(f"{url}off/", {"key": "f" * 12, "reason": "Called off"})
    assert "Called off: Called off" in office.get(url).content.decode()


def test_the_form_says_what_is_wrong_beside_it(cast: Cast, signed_in) -> None:
    office = signed_in("office")
    page = office.post(ADD, form(cast, classes=[], go=[], leader="", title="")).content.decode()
    assert "Choose who confirms on the day who is there, or give a name." in page
    page = office.post(ADD, form(cast, classes=[], go=[])).content.decode()
    assert "Tick a class, or the children who go." in page
    page = office.post(ADD, form(cast, last_day="2024-05-01")).content.decode()
    assert "It ends before it begins." in page


def test_the_other_school_may_be_the_one_who_confirms(cast: Cast, signed_in) -> None:
    signed_in("office").post(ADD, form(cast, code="D", leader="", leader_name="Barcombe Primary", classes=[]))
    found = Activity.objects.get()
    assert (found.leader, found.leader_name, found.places.count()) == (None, "Barcombe Primary", 1)


def test_a_teacher_plans_for_their_own_class_and_confirms_where_their_children_go(cast: Cast, signed_in) -> None:
    teacher, wren = signed_in("teacher"), signed_in("wrens_teacher")
    page = teacher.get(ADD).content.decode()
    assert "Aisha Begum" in page and "Gus Hill" not in page
    activity = trip(cast)
    assert teacher.get(f"/day/activities/{activity.pk}/").status_code == 200
    assert wren.get(f"/day/activities/{activity.pk}/").status_code == 403
    assert "Museum" in teacher.get(LIST).content.decode()
    assert "Museum" not in wren.get(LIST).content.decode()
    led = trip(cast, "Gus", key="led")
    assert teacher.get(f"/day/activities/{led.pk}/").status_code == 200, "Tom leads it"
    assert signed_in("stranger").get(f"/day/activities/{activity.pk}/").status_code == 404


def test_the_plan_is_copied_for_another_day(cast: Cast, signed_in) -> None:
    activity = trip(cast, "Ben")
    page = signed_in("office").get(f"{ADD}?copy={activity.pk}").content.decode()
    assert 'value="Museum"' in page
    assert re.search(rf'name="go" value="{cast.enrolments["Ben"].pk}"[^>]*checked', page)
