"""The update to all parents: which text by which figure, who is kept back and why, one press, and taking it back."""

from datetime import date, timedelta

import pytest

from rollcall.casework import actions
from rollcall.casework.actions.letters import write_letter
from rollcall.casework.actions.updates import NotUpdated, Press, send_updates, withdraw_round
from rollcall.casework.models import LetterWritten, UpdateRound
from rollcall.casework.queries.all_grounds import all_grounds
from rollcall.casework.queries.updates import update_plan
from rollcall.journal.actor import INSTALLER
from rollcall.outbox.actions import drain, put_many, set_mode
from rollcall.outbox.models import Message
from rollcall.schools import actions as schools
from rollcall.schools.models import Contact, PupilContact
from tests.cast import DAY, Cast, moment
from tests.rooms.casework.marking import fill, missed

pytestmark = pytest.mark.django_db
AT = moment(10, 0)
BY = {"by": INSTALLER, "at": moment(9, 30)}


def press(cast: Cast, *, key="u", at=AT, who="head", **given) -> UpdateRound:
    return send_updates(cast.hamsey.pk, Press(**given), by=cast.actor(who), at=at, key=key)


def kept(cast: Cast, at=AT, **more) -> dict[str, list[str]]:
    plan = update_plan(cast.hamsey.pk, at, **more)
    return {line.seat.known_first: [reason.kind for reason in line.reasons] for line in plan.kept}


def letters(made: UpdateRound) -> dict[str, str]:
    return {one.pupil.known_first: one.letter for one in made.letters.select_related("pupil")}


def change(cast: Cast, name: str, **facts) -> None:
    schools.change_pupil(cast.pupil(name), facts, school=cast.hamsey, **BY)


@pytest.mark.policy("4.6-a")
@pytest.mark.policy("A3-a")
@pytest.mark.policy("A3-b")
@pytest.mark.policy("A3-c")
def test_one_press_writes_to_all_by_figure_and_twice_is_once(marked) -> None:
    made = press(marked)
    assert press(marked) == made
    named = letters(made)
    assert (named["Aisha"], named["Ben"], named["Chloe"], named["Dev"]) == (
        "update-low", "update-low", "update-middle", "update-on-target",
    )  # fmt: skip
    assert len(named) == Message.objects.count() == 9
    dev = Message.objects.get(pupil=marked.pupil("Dev").pk)
    assert (dev.kind, dev.channel, dev.state, dev.pdf) == ("letter.update", "email", "waiting", None)
    assert "100.0%" in dev.body
    assert "Up to Monday 13 May 2024" in dev.body


@pytest.mark.policy("A3-c")
def test_good_wishes_only_in_the_last_week_of_a_term(marked) -> None:
    fill(marked, {}, date(2024, 5, 22))
    texts = {}
    for day in (date(2024, 5, 16), date(2024, 5, 23)):
        made = press(marked, at=moment(10, 0, day), key=f"{day}")
        texts[made.last_week] = Message.objects.get(pupil=marked.pupil("Dev").pk, deed=made.deed).body
    assert texts[False] != texts[True]
    assert len(texts[True]) > len(texts[False])


@pytest.mark.policy("4.6-a")
def test_it_goes_by_itself_where_nothing_changed_and_stops_where_the_figure_left_its_band(marked, post) -> None:
    press(marked)
    fill(marked, {"Aisha": missed(20), "Ben": missed(60), "Chloe": missed(12), "Dev": missed(30)})
    done = drain(grounds=all_grounds(), by=INSTALLER, at=moment(10, 5))
    assert (len(done.sent), len(done.stopped)) == (8, 1)
    assert "Marks were changed since" in Message.objects.get(pupil=marked.pupil("Dev").pk).attempts.get().detail


def test_every_exception_is_listed_with_its_reason_and_nothing_goes_to_them(marked) -> None:
    schools.hold(marked.pupil("Dev"), "bereavement", begins=DAY, note="", **BY)
    PupilContact.objects.filter(pupil=marked.pupil("Esme")).update(barred=True)
    PupilContact.objects.filter(pupil=marked.pupil("Finn")).delete()
    change(marked, "Gus", looked_after=True)
    change(marked, "Hana", medical="Chronic kidney disease")
    Contact.objects.filter(pk=marked.pupil("Ivo").contacts.get().contact_id).update(email="", address="")
    write_letter(marked.pupil("Ben").pk, "letter-1", {}, school=marked.hamsey.pk, by=marked.actor("head"), at=AT)
    assert kept(marked) == {
        "Ben": ["path"],
        "Dev": ["hold"],
        "Esme": ["barred"],
        "Finn": ["no_contact"],
        "Gus": ["care"],
        "Hana": ["condition"],
        "Ivo": ["no_address"],
    }
    made = press(marked)
    assert set(letters(made)) == {"Aisha", "Chloe"}
    reasons = {one["name"]: one["reasons"][0]["why"] for one in made.left_out}
    assert reasons["Finn Gray"] == "No parent or carer is on record."
    assert reasons["Hana Iqbal"] == "A long-term condition is on record: Chronic kidney disease."


def test_few_sessions_unclear_marks_and_a_step_on_the_path_are_exceptions(cast, settings) -> None:
    fill(cast, {"Ben": missed(60), "Chloe": {-1: "N"}, "Dev": {-1: "-"}})
    review = actions.open_review(cast.hamsey, by=cast.actor("head"), at=moment(9, 5), key="r")
    cast.hamsey.phone = "01273 555010"
    cast.hamsey.save()
    row = review.rows.get(pupil=cast.pupil("Ben"))
    actions.decide([row.pk], "agree", by=cast.actor("head"), at=moment(9, 30), key="d")
    cast.enrolments["Esme"].admitted = DAY - timedelta(days=6)
    cast.enrolments["Esme"].save()
    assert kept(cast) == {"Ben": ["path"], "Chloe": ["unclear"], "Dev": ["unclear"], "Esme": ["few"]}


@pytest.mark.policy("4.6-a")
def test_a_person_includes_one_with_a_reason_but_never_past_a_hold_or_a_bar(marked) -> None:
    change(marked, "Hana", medical="Asthma")
    schools.hold(marked.pupil("Dev"), "bereavement", begins=DAY, note="", **BY)
    hana, dev = marked.pupil("Hana").pk, marked.pupil("Dev").pk
    with pytest.raises(NotUpdated, match="Say in a few words why the update about Hana Iqbal"):
        press(marked, include={hana: " "})
    with pytest.raises(NotUpdated, match="Dev Ellis can't be included"):
        press(marked, include={dev: "They asked for it"})
    with pytest.raises(NotUpdated, match="not kept back any more"):
        press(marked, include={marked.pupil("Aisha").pk: "as well"})
    assert not UpdateRound.objects.exists()
    made = press(marked, include={hana: "The family asked for it"})
    assert "Hana" in letters(made)
    assert {one["name"]: one["included"] for one in made.left_out} == {
        "Hana Iqbal": "The family asked for it",
        "Dev Ellis": "",
    }


def test_a_child_in_care_is_included_only_by_who_may_know(marked) -> None:
    change(marked, "Gus", looked_after=True, social_worker="Sal Worker, 01273 555099")
    include = {marked.pupil("Gus").pk: "The carer and the social worker agree"}
    with pytest.raises(NotUpdated, match="can't be included by you"):
        press(marked, include=include, who="secretary")
    assert "Gus" in letters(press(marked, include=include, knows=True))


@pytest.mark.policy("4.6-a")
def test_not_twice_in_the_policys_period_without_a_reason(marked) -> None:
    press(marked)
    with pytest.raises(NotUpdated, match="The round of today is made already"):
        press(marked, key="u2")
    later = moment(10, 0, DAY + timedelta(days=3))
    fill(marked, {}, DAY + timedelta(days=2))
    with pytest.raises(NotUpdated, match="Parents were told on Tuesday 14 May, less than 1 week ago"):
        press(marked, key="u3", at=later)
    assert press(marked, key="u4", at=later, because="The figures of last week were wrong").deed.reason
    fill(marked, {}, DAY + timedelta(days=9))
    assert press(marked, key="u5", at=moment(10, 0, DAY + timedelta(days=10)))


def test_another_round_at_the_same_moment_is_one(marked, monkeypatch) -> None:
    press(marked)
    monkeypatch.setattr("rollcall.casework.actions.updates._check", lambda *_: None)
    with pytest.raises(NotUpdated, match="same moment"):
        press(marked, key="u2")
    assert UpdateRound.objects.count() == 1


def test_what_changed_since_the_page_was_shown_is_looked_at_once_more(marked) -> None:
    seen = update_plan(marked.hamsey.pk, AT).seen
    change(marked, "Hana", medical="Asthma")
    with pytest.raises(NotUpdated, match="Something has changed"):
        press(marked, seen=seen)
    assert press(marked, seen=update_plan(marked.hamsey.pk, AT).seen)


def test_a_round_is_withdrawn_whole_while_nothing_has_gone_and_may_then_be_made_again(marked, post) -> None:
    made, head = press(marked), marked.actor("head")
    with pytest.raises(NotUpdated, match="Say why"):
        withdraw_round(made, because=" ", by=head, at=AT, key="w0")
    withdraw_round(made, because="The wrong week", by=head, at=AT, key="w")
    withdraw_round(made, because="The wrong week", by=head, at=AT, key="w")
    assert not LetterWritten.objects.filter(withdrawn__isnull=True).exists()
    with pytest.raises(NotUpdated, match="withdrawn before"):
        withdraw_round(made, because="Again", by=head, at=AT, key="w2")
    assert len(drain(grounds=all_grounds(), by=INSTALLER, at=moment(10, 5)).stopped) == 9
    again = press(marked, key="u2")
    drain(grounds=all_grounds(), by=INSTALLER, at=moment(10, 10))
    with pytest.raises(NotUpdated, match="9 messages of it went"):
        withdraw_round(again, because="Too late", by=head, at=AT, key="w3")


def test_all_on_paper_is_one_pdf_of_letters_and_needs_a_postal_address(marked) -> None:
    Contact.objects.filter(pk=marked.pupil("Ivo").contacts.get().contact_id).update(address="")
    assert kept(marked) == {}
    assert kept(marked, by_post=True) == {"Ivo": ["no_address"]}
    press(marked, by_post=True)
    assert set(Message.objects.values_list("channel", flat=True)) == {"print"}


def test_the_press_takes_as_many_statements_for_nine_as_for_three(marked, django_assert_max_num_queries) -> None:
    with django_assert_max_num_queries(45):
        press(marked)


def test_a_switched_off_kind_stays_with_the_reason(marked) -> None:
    set_mode(marked.hamsey.pk, "letter.update", "off", by=marked.actor("head"), at=moment(8, 0), key="s")
    press(marked)
    message = Message.objects.first()
    assert (message.state, message.attempts.count()) == ("off", 1)
    with pytest.raises(ValueError, match="no kind"):
        put_many([], deed=message.deed, school=1, kind="nothing", at=AT)


# Pages


@pytest.fixture
def url(marked) -> str:
    return "/casework/hamsey/updates/"


def send(client, url, page, **more):
    seen = page.split('name="seen" value="')[1].split('"')[0]
    return client.post(url, {"do": "send", "key": "p", "seen": seen} | more, follow=True)


@pytest.mark.policy("4.6-a")
def test_the_page_lists_who_is_kept_back_and_real_letters_before_one_press(marked, url, signed_in) -> None:
    change(marked, "Hana", medical="Asthma <b>")
    secretary, hana = signed_in("secretary"), f"why-{marked.pupil('Hana').pk}"
    page = secretary.get(url).content.decode()
    assert "A long-term condition is on record: Asthma &lt;b&gt;." in page
    assert "Goes to 8 families" in page
    assert "Dear" in page
    wrong = send(secretary, url, page, **{hana: "x"})
    assert (wrong.status_code, 'value="x"' in wrong.content.decode()) == (422, True)
    done = send(secretary, url, page, **{hana: "They asked"})
    assert "The updates are on the way" in done.content.decode()
    assert "Sent, because They asked" in done.content.decode()
    send(secretary, url, page, **{hana: "They asked"})
    made = UpdateRound.objects.get()
    assert f"/casework/rounds/{made.pk}/" in secretary.get(url).content.decode()
    told = secretary.get(f"{url}?pupil={marked.pupil('Aisha').pk}").content.decode()
    assert "The update about Aisha" in told


def test_who_may_not_know_of_care_does_not_see_why_a_child_is_kept_back(marked, url, signed_in) -> None:
    change(marked, "Gus", looked_after=True, social_worker="Sal Worker, 01273 555099")
    for page in (signed_in("secretary").get(url), signed_in("secretary").get(f"{url}?pupil={marked.pupil('Gus').pk}")):
        text = page.content.decode()
        assert "Kept back for a reason that the head of school" in text
        assert "In care" not in text
        assert "The update about Gus" not in text
    head = signed_in("head")
    page = head.get(url).content.decode()
    assert "In care: the carer is written to" in page
    done = send(head, url, page, **{f"why-{marked.pupil('Gus').pk}": "Agreed in care"}).content.decode()
    assert "Sal Worker, 01273 555099" in done
    assert "Print a copy" in done
    round_page = signed_in("secretary").get(f"/casework/rounds/{UpdateRound.objects.get().pk}/").content.decode()
    assert "Agreed in care" not in round_page
    assert "Sal Worker" not in round_page


def test_wrong_input_is_said_and_keeps_what_was_typed(marked, url, signed_in) -> None:
    head = signed_in("head")
    assert "Something has changed" in head.post(url, {"do": "send", "key": "k"}).content.decode()
    assert head.post(url, {"do": "send", "key": "k", "why-abc": "x", "why-": "y"}).status_code == 422
    send(head, url, head.get(url).content.decode())
    page = head.get(url).content.decode()
    assert "Why parents are told again" in page
    refused = send(head, url, page, key="k2", because="again")
    assert (refused.status_code, "made already" in refused.content.decode()) == (422, True)
    made = UpdateRound.objects.get()
    back = f"/casework/rounds/{made.pk}/back/"
    assert "Say why it is withdrawn" in head.post(back, {"key": "b", "because": ""}).content.decode()
    done = head.post(back, {"key": "b", "because": "The wrong week"}, follow=True).content.decode()
    assert "Withdrawn by Harriet Head" in done


def test_who_may_not_is_turned_away(marked, url, signed_in) -> None:
    made = press(marked)
    for name, status in (("governor", 403), ("teacher", 403), ("leader", 403), ("stranger", 404)):
        assert signed_in(name).get(url).status_code == status
        assert signed_in(name).get(f"/casework/rounds/{made.pk}/").status_code == status
        assert signed_in(name).post(f"/casework/rounds/{made.pk}/back/", {"because": "mine"}).status_code == status
    assert signed_in("head").get("/casework/rounds/99999/").status_code == 404


def test_the_page_takes_as_many_statements_for_any_number(
    marked, url, signed_in, django_assert_max_num_queries
) -> None:
    head = signed_in("head")
    with django_assert_max_num_queries(45):
        head.get(url)
