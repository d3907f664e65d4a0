"""Who may give which code: a taker what is seen, the office what is recorded, and no register a decision (4.2-c)."""

import json
from typing import Any

import pytest
from django.db import transaction

from rollcall.journal.actions import begin
from rollcall.registers import actions
from rollcall.registers.actions import NotSaved
from rollcall.registers.models import Entry, Question
from rollcall.registers.queries.footing import undecided
from rollcall.rules.codes import EDITIONS, table
from tests.cast import DAY, Cast, moment
from tests.rooms.registers.conftest import address, form, stands
from tests.rooms.registers.test_marking import decided, mark, save, under

TELL = "tell the office what you know"
ALL_DAY: dict[str, Any] = {"first": (DAY, "AM"), "last": (DAY, "PM")}


def expected(cast: Cast, name: str, code: str, ground: str = "Put down by the office") -> None:
    actions.expect(
        cast.enrolments[name], **ALL_DAY, code=code, ground=ground, by=cast.actor("secretary"), at=moment(8, 0)
    )


def amend(cast: Cast, name: str, code: str, **more: Any) -> None:
    key = f"amend-{name}-{code}-{Entry.objects.count()}"
    office = {"by": cast.actor("secretary"), "at": moment(10, 30), "key": key, "reason": "The head said so"}
    more = {"may_decide": True} | more
    actions.amend_marks(cast.kestrels, DAY, "AM", [mark(cast, name, code)], **office, **more)


def ask(cast: Cast, name: str) -> Question:
    with transaction.atomic():
        deed = begin("asked", by=cast.actor("head"), at=moment(8, 30), reason="A pattern", school=cast.hamsey.pk)
        return actions.put_in_question(cast.enrolments[name], (DAY, "AM"), (DAY, "PM"), deed=deed)


@pytest.mark.policy("4.2-c", "4.5-b", "A1-d")
@pytest.mark.parametrize("code", ["G", "O"])
def test_a_taker_gives_no_decision(cast: Cast, code: str) -> None:
    for may_decide in (False, True):
        with pytest.raises(NotSaved) as caught:
            actions.record_marks(
                cast.kestrels, DAY, "AM", [mark(cast, "Ben", code)], by=cast.actor("teacher"), at=cast.at, key="k",
                may_decide=may_decide,
            )  # fmt: skip
        assert "mark N" in caught.value.refused[cast.enrolments["Ben"].pk]
    assert not Entry.objects.exists()
    expected(cast, "Ben", code)
    save(cast, mark(cast, "Ben", code))
    assert stands(cast, "Ben") == code


@pytest.mark.policy("4.5-b")
@pytest.mark.parametrize("code", ["E", "R"])
def test_what_rests_on_a_record_needs_one_or_who_keeps_the_records(cast: Cast, code: str) -> None:
    with pytest.raises(NotSaved, match=TELL):
        save(cast, mark(cast, "Ben", code))
    expected(cast, "Ben", code)
    save(cast, mark(cast, "Ben", code), key="k2")
    by = {"by": cast.actor("secretary"), "at": cast.at, "key": "k3"}
    actions.record_marks(cast.kestrels, DAY, "AM", [mark(cast, "Chloe", code)], **by, may_decide=True)
    assert stands(cast, "Ben") == stands(cast, "Chloe") == code


@pytest.mark.policy("4.5-b")
@pytest.mark.parametrize("edition", EDITIONS)
def test_every_code_that_a_taker_can_t_know_is_refused_without_its_record(cast: Cast, edition: str) -> None:
    """The table says which: this walks it, so that a code added to it without a thought is seen."""
    facts = under(cast, {"2006": "federation", "2024": "national"}[edition])
    given = set()
    for code in table(edition):
        late = 40 if code == "U" else None
        try:
            one = mark(cast, "Ben", code, ground="It is known why", minutes_late=late)
            save(cast, one, key=f"k-{code}", facts=facts, at=moment(9, 16))
            given.add(code)
        except NotSaved:
            continue
    theirs = {"2006": "/ L V P W B J D I M N U Y", "2024": "/ L K V P W B D I M N U Y7"}[edition]
    assert given == set(theirs.split())


@pytest.mark.policy("4.4-b")
def test_u_is_for_who_came_after_closing_with_the_minutes(cast: Cast) -> None:
    with pytest.raises(NotSaved, match=r"open until 9.15: who comes before then is L"):
        save(cast, mark(cast, "Ben", "U", minutes_late=40))
    with pytest.raises(NotSaved, match="give the minutes late, or fill in a late slip"):
        save(cast, mark(cast, "Ben", "U"), at=moment(9, 16))
    save(cast, mark(cast, "Ben", "U", minutes_late=36), at=moment(9, 16))
    with pytest.raises(NotSaved, match="Who is not here is N"):
        amend(cast, "Chloe", "U")


@pytest.mark.policy("4.2-c", "A1-c")
@pytest.mark.parametrize("before", ["-", "/", "N", "I"])
@pytest.mark.parametrize("code", ["G", "O"])
def test_no_amendment_turns_an_absence_unauthorised(cast: Cast, before: str, code: str) -> None:
    if before != "-":
        save(cast, mark(cast, "Ben", before))
    with pytest.raises(NotSaved) as caught:
        amend(cast, "Ben", code)
    said = caught.value.refused[cast.enrolments["Ben"].pk]
    assert "the parents are told first" in said or "once the parents have been told" in said
    assert "The day" in said
    assert stands(cast, "Ben") == before


@pytest.mark.policy("4.2-c")
def test_one_decision_is_corrected_to_the_other_and_one_that_was_made_is_restored(cast: Cast) -> None:
    save(cast, mark(cast, "Ben", "N"))
    decided(cast, "Ben", "O", "No reason was given")
    amend(cast, "Ben", "G")
    assert stands(cast, "Ben") == "G"
    amend(cast, "Ben", "/")
    amend(cast, "Ben", "O")
    assert stands(cast, "Ben") == "O"
    with pytest.raises(NotSaved, match=TELL):
        amend(cast, "Chloe", "O", may_decide=False)


@pytest.mark.policy("4.2-b", "4.2-c")
def test_while_evidence_is_asked_for_no_register_turns_it_unauthorised(cast: Cast) -> None:
    expected(cast, "Ben", "O")
    asked = ask(cast, "Ben")
    with pytest.raises(NotSaved, match="Evidence of the reason was asked for"):
        save(cast, mark(cast, "Ben", "O"))
    with pytest.raises(NotSaved, match="Evidence of the reason was asked for"):
        amend(cast, "Ben", "O")
    with pytest.raises(ValueError, match="Evidence of the reason was asked for"):
        expected(cast, "Ben", "G")
    with transaction.atomic():
        deed = begin("settled", by=cast.actor("head"), at=moment(9, 0), school=cast.hamsey.pk)
        assert actions.settle_question(asked.deed, deed=deed) == 1
        assert actions.settle_question(asked.deed, deed=deed) == 0
    save(cast, mark(cast, "Ben", "O"), key="k2")


@pytest.mark.policy("4.2-c")
def test_what_was_said_to_be_an_illness_is_not_put_down_as_unauthorised(cast: Cast) -> None:
    expected(cast, "Ben", "I")
    with pytest.raises(ValueError, match="I is known already, entered by Sue Secretary at 8.00"):
        expected(cast, "Ben", "O")
    with pytest.raises(NotSaved, match="I is expected, which is authorised"):
        amend(cast, "Ben", "O")


@pytest.mark.policy("4.1-c")
def test_nobody_wishes_for_what_no_amendment_gives(cast: Cast) -> None:
    save(cast, mark(cast, "Ben", "N"))
    wish = {"by": cast.actor("teacher"), "at": moment(9, 30), "reason": "They were at the shops"}
    with pytest.raises(NotSaved, match="not given in a register"):
        actions.ask_for_change(cast.kestrels, DAY, "AM", mark(cast, "Ben", "O"), key="w1", **wish)
    asked = actions.ask_for_change(cast.kestrels, DAY, "AM", mark(cast, "Ben", "E"), key="w2", **wish)
    office = {"by": cast.actor("office"), "at": moment(9, 40)}
    with pytest.raises(NotSaved, match=TELL):
        actions.decide_change(asked, cast.kestrels, accept=True, key="w3", **office)
    actions.decide_change(asked, cast.kestrels, accept=True, key="w4", may_decide=True, **office)
    assert stands(cast, "Ben") == "E"


@pytest.mark.policy("4.5-b")
def test_the_page_offers_nobody_what_they_may_not_give(signed_in, cast: Cast, clock) -> None:
    def offered(client: Any) -> set[str]:
        options = str(client.get(address(cast)).context["options"])
        return {code for code in table("2006") if f'value="{code}"' in options}

    teacher, secretary = signed_in("teacher"), signed_in("secretary")
    assert offered(teacher) & set("GOERSTCHX#Z") == set()
    assert offered(secretary) & set("GOERS") == set("ERS")
    told = teacher.get(address(cast)).content.decode().split('id="codes" type="application/json">')[1]
    known = json.loads(told.split("</script>")[0])
    assert known["G"]["ask"].endswith(f"mark N, and {TELL}.")
    assert known["I"]["ask"] == known["N"]["ask"] == ""
    clock(moment(9, 30))
    assert offered(signed_in("secretary")) >= set("GO")


@pytest.mark.policy("4.5-b")
def test_without_scripts_the_sentence_stands_on_the_line(signed_in, cast: Cast) -> None:
    client, ben = signed_in("teacher"), cast.enrolments["Ben"].pk
    refused = form(client, address(cast), **{f"other-{ben}": "G", "do": "save"})
    assert refused.status_code == 422
    assert TELL in refused.content.decode()
    assert not Entry.objects.exists()


@pytest.mark.policy("4.5-b")
def test_history_that_is_brought_in_is_not_asked_what_it_rests_on(cast: Cast) -> None:
    with transaction.atomic():
        deed = begin("marks.brought_in", by=cast.by, at=moment(16, 0), school=cast.hamsey.pk)
        entries = [actions.NewEntry(cast.enrolments["Ben"].pk, DAY, "AM", code) for code in ("G", "O")]
        actions.write_entries(cast.hamsey.pk, entries, deed)
    assert stands(cast, "Ben") == "O"


@pytest.mark.policy("4.2-c")
def test_an_o_that_stood_and_was_decided_on_is_no_longer_looked_for(cast: Cast) -> None:
    ben = cast.enrolments["Ben"].pk
    with transaction.atomic():
        deed = begin("marks.brought_in", by=cast.by, at=moment(8, 0), school=cast.hamsey.pk)
        actions.write_entries(cast.hamsey.pk, [actions.NewEntry(ben, DAY, "AM", "O")], deed)
        asked = begin("asked", by=cast.actor("head"), at=moment(8, 5), school=cast.hamsey.pk)
        actions.put_in_question(cast.enrolments["Ben"], (DAY, "AM"), (DAY, "PM"), deed=asked)
    assert undecided({ben: "O"}, DAY, "AM") == {ben}
    with transaction.atomic():
        decided = begin("decided", by=cast.actor("head"), at=moment(9, 0), school=cast.hamsey.pk)
        actions.settle_question(asked, deed=decided, code="O")
    assert undecided({ben: "O"}, DAY, "AM") == set()
    assert undecided({ben: "G"}, DAY, "AM") == {ben}
