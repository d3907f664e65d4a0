"""What is kept beside a mark: the ground where the code alone does not say why, and the minutes of who comes late."""

import json

import pytest

from rollcall.registers import actions
from rollcall.registers.actions import NewMark, NotSaved
from rollcall.registers.models import Entry
from rollcall.registers.queries.history import mark_history
from rollcall.registers.views.faces import known_codes
from rollcall.rules import codes
from rollcall.rules.codes import EDITIONS
from rollcall.rules.giving import Giver
from tests.cast import DAY, Cast, moment
from tests.rooms.registers.conftest import address, form
from tests.rooms.registers.test_marking import mark, save, under


def entries(cast: Cast, name: str = "Ben") -> list[tuple[str, str, int | None]]:
    """Each entry of the morning as code, ground and minutes."""
    rows = Entry.objects.filter(enrolment=cast.enrolments[name]).order_by("number")
    return list(rows.values_list("code", "ground", "minutes_late"))


@pytest.mark.policy("4.1-d")
@pytest.mark.policy("A1-e")
@pytest.mark.parametrize(("code", "edition"), [("Y", "federation"), ("K", "national"), ("B", "national")])
def test_a_code_that_does_not_say_why_needs_words_beside_it(cast: Cast, code: str, edition: str) -> None:
    facts = under(cast, edition)
    for ground in ("", "  ", "/", "-- 3"):
        with pytest.raises(NotSaved, match="Say in words on which ground"):
            save(cast, mark(cast, "Ben", code, ground=ground), facts=facts)
    save(cast, mark(cast, "Ben", code, ground=" The road is flooded "), facts=facts)
    assert entries(cast) == [(code, "The road is flooded", None)]


def test_under_the_older_edition_another_activity_needs_no_ground_and_keeps_none(cast: Cast) -> None:
    save(cast, mark(cast, "Ben", "B", ground="left over from another code"))
    assert entries(cast) == [("B", "", None)]


@pytest.mark.policy("4.1-d")
def test_a_ground_is_shown_again_and_changed_by_itself(signed_in, cast: Cast, send) -> None:
    save(cast, mark(cast, "Ben", "Y", ground="in custody"))
    client, ben = signed_in("teacher"), cast.enrolments["Ben"].pk
    page = client.get(address(cast)).content.decode()
    assert f'name="ground-{ben}" value="in custody"' in page
    assert "Y because in custody" in page
    assert client.get(address(cast, "live/")).json()["rows"][str(ben)]["ground"] == "in custody"
    form(client, address(cast), **{f"ground-{ben}": "in custody", f"said-{ben}": "in custody", "do": "save"})
    assert len(entries(cast)) == 1
    form(client, address(cast), **{f"ground-{ben}": "the road is flooded", f"said-{ben}": "in custody", "do": "save"})
    assert entries(cast)[-1] == ("Y", "the road is flooded", None)
    refused = form(client, address(cast), **{f"ground-{ben}": "/", f"said-{ben}": "the road is flooded", "do": "save"})
    assert refused.status_code == 422
    assert "Say in words on which ground" in refused.content.decode()


def test_the_law_s_own_grounds_are_at_hand(signed_in, cast: Cast) -> None:
    page = signed_in("teacher").get(address(cast)).content.decode()
    assert '<datalist id="grounds">' in page
    for ground in codes.table("2006")["Y"].grounds:
        assert f'<option value="{ground}">' in page


def test_another_ground_given_meanwhile_is_asked_about(cast: Cast) -> None:
    save(cast, mark(cast, "Ben", "Y", ground="in custody", seen="-"))
    with pytest.raises(NotSaved) as caught:
        save(cast, mark(cast, "Ben", "Y", ground="the road is flooded", seen="-"), key="k2")
    assert caught.value.changed == {cast.enrolments["Ben"].pk: "Y"}
    save(cast, mark(cast, "Ben", "Y", ground="in custody", seen="-"), key="k3")
    assert len(entries(cast)) == 1


@pytest.mark.policy("4.4-b")
def test_minutes_late_run_from_the_gate_whether_the_mark_is_l_or_u(cast: Cast) -> None:
    at = moment(9, 16)
    save(cast, mark(cast, "Ben", "L", minutes_late=37), at=at)
    save(cast, mark(cast, "Ben", "U", seen="L"), key="k2", at=at)
    save(cast, mark(cast, "Ben", "L", minutes_late=9, seen="U"), key="k3", at=at)
    save(cast, mark(cast, "Ben", "L", seen="L"), key="k4", at=at)
    save(cast, mark(cast, "Ben", "N", seen="L"), key="k5", at=at)
    save(cast, mark(cast, "Ben", "U", minutes_late=36, seen="N"), key="k6", at=at)
    assert [(code, minutes) for code, _, minutes in entries(cast)] == [
        ("L", 37),
        ("U", 37),
        ("L", 9),
        ("L", None),
        ("N", None),
        ("U", 36),
    ]


@pytest.mark.policy("4.4-b")
def test_a_wish_for_u_keeps_the_minutes_that_the_teacher_saw(signed_in, cast: Cast, clock) -> None:
    save(cast, mark(cast, "Ben", "L", minutes_late=37))
    clock(moment(9, 30))
    teacher, ben = signed_in("teacher"), cast.enrolments["Ben"].pk
    clock(moment(9, 30))
    assert 'value="37"' in teacher.get(f"{address(cast, 'ask/')}?pupil={ben}").content.decode()
    by = {"by": cast.actor("teacher"), "at": moment(9, 31), "reason": "It was after closing"}
    wish = actions.ask_for_change(cast.kestrels, DAY, "AM", NewMark(ben, "U"), key="w1", **by)
    actions.decide_change(wish, cast.kestrels, accept=True, by=cast.actor("office"), at=moment(9, 40), key="w2")
    assert mark_history(ben, DAY, "AM").minutes_late == 37


def test_without_a_script_the_clock_gives_minutes_only_to_who_was_not_late_before(
    signed_in, cast: Cast, clock
) -> None:
    client, ben, aisha = signed_in("teacher"), cast.enrolments["Ben"].pk, cast.enrolments["Aisha"].pk
    save(cast, mark(cast, "Ben", "L", minutes_late=36), at=moment(9, 16))
    clock(moment(9, 20))
    changed = {f"other-{ben}": "U", f"was-{ben}": "36", f"minutes-{ben}": "", f"mark-{aisha}": "L"}
    form(client, address(cast), **changed, do="save")
    assert entries(cast)[-1] == ("U", "", 36)
    assert entries(cast, "Aisha") == [("L", "", 40)]


@pytest.mark.parametrize("edition", EDITIONS)
def test_the_page_s_script_has_the_rules_own_word_for_what_goes_with_a_code(edition: str) -> None:
    known = known_codes(edition, "AM", Giver(may_decide=False, gives_reason=False))
    told = {code: one["with"] for code, one in known.items()}
    assert told == {"-": ""} | {c.code: c.goes_with for c in codes.table(edition).values() if c.code != "\\"}


def test_the_page_gives_its_script_the_marks_of_lateness(signed_in, cast: Cast) -> None:
    page = signed_in("teacher").get(address(cast)).content.decode()
    assert f'data-late="{codes.LATE}" data-late-after-closing="{codes.LATE_AFTER_CLOSING}"' in page
    told = page.split('id="codes" type="application/json">')[1].split("</script>")[0]
    assert json.loads(told)["Y"]["with"] == "ground"
