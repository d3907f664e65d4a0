"""Working with the authority (A5-e): its point of contact, termly meetings, invitations, what is asked, the pack."""

from datetime import date, datetime, timedelta

import pytest

from rollcall.accounts.queries import standing
from rollcall.casework.actions.meetings import NotPlanned, Plan
from rollcall.casework.actions.outcomes import Agreement, Outcome, record_outcome
from rollcall.casework.actions.support import Offer, answer_offer, offer_support
from rollcall.casework.actions.targeting import make_targeting_pack
from rollcall.casework.actions.with_authority import (
    Contact,
    ask_authority,
    invite_contact,
    plan_with_authority,
    record_with_authority,
    set_contact,
)
from rollcall.casework.models import AgreedAction, AuthorityContact, Meeting, MeetingOutcome, TargetingPack
from rollcall.casework.queries.meeting_waits import meeting_waits
from rollcall.casework.queries.meetings import Asked, meetings_of, open_actions
from rollcall.casework.queries.with_authority import authority_page, standing_of
from rollcall.outbox.models import Message
from rollcall.rules.policy import load
from rollcall.schools.queries import facts_of
from rollcall.worker import grounds
from tests.cast import DAY, Cast, moment
from tests.rooms.casework.marking import fill, missed, phone

AT = moment(9, 20)
TUESDAY = date(2024, 5, 21)
LATER = moment(16, 30, TUESDAY)
SPOC = Contact("Ada Spoke", "ada@authority.example", "01273 555020", "01273 555021")
JUNE = moment(14, 0, date(2024, 6, 18))


def contact(cast: Cast, key: str = "c1", told: Contact = SPOC) -> AuthorityContact:
    return set_contact(cast.hamsey.pk, told, by=cast.actor("head"), at=AT, key=key)


def planned(cast: Cast, *, at: datetime | None = None, key: str = "m1", kind: str = "termly", pupil: int | None = None):
    head = Asked("Harriet Head", "Head of school", None, f"user:{cast.users['head'].pk}")
    plan = Plan(kind, at or moment(14, 0, TUESDAY), "Room 2", "CP conference", (Asked("Ada Spoke", "SPOC"), head))
    return plan_with_authority(plan, school=cast.hamsey.pk, pupil=pupil, by=cast.actor("head"), at=AT, key=key)


def recorded(cast: Cast, meeting: Meeting, key: str = "o1", *, next_at=JUNE, why: str = "", **more) -> MeetingOutcome:
    outcome = Outcome("held", "We looked at year 4.", came=(Asked("Ada Spoke", "SPOC"),), **more)
    by = cast.actor("head")
    return record_with_authority(meeting, outcome, next_at=next_at, why_none=why, by=by, at=LATER, key=key)


@pytest.mark.policy("A5-e")
def test_the_point_of_contact_is_kept_and_the_earlier_ones_stay(cast: Cast) -> None:
    assert contact(cast) == contact(cast)
    contact(cast, "c2", Contact("Bob Next", "", "", "01273 555099"))
    page = authority_page(facts_of(cast.hamsey.pk), AT)
    assert page.contact is not None and page.contact.name == "Bob Next"
    assert [one.name for one in page.earlier] == ["Ada Spoke"]


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (Contact(""), "Give the name"),
        (Contact("Ada Spoke"), "one way to reach them"),
        (Contact("Ada Spoke", "ada at home"), "name@example.org"),
    ],
)
def test_a_point_of_contact_who_can_not_be_reached_is_refused(cast: Cast, told: Contact, said: str) -> None:
    with pytest.raises(NotPlanned, match=said):
        contact(cast, told=told)
    assert AuthorityContact.objects.count() == 0


@pytest.mark.policy("A5-e")
def test_a_meeting_is_written_down_with_the_next_or_the_reason_why_not(cast: Cast) -> None:
    meeting = planned(cast)
    with pytest.raises(NotPlanned, match="or say why none is planned"):
        recorded(cast, meeting, next_at=None)
    with pytest.raises(NotPlanned, match="still to come"):
        recorded(cast, meeting, next_at=AT)
    assert MeetingOutcome.objects.count() == 0
    actions = (Agreement("authority", "Ada Spoke", "Visits Ben's family", pupil=cast.pupil("Ben").pk),)
    done = recorded(cast, meeting, actions=actions)
    assert recorded(cast, meeting, actions=actions) == done
    assert [one.at for one in Meeting.objects.filter(outcome__isnull=True)] == [JUNE]
    action = AgreedAction.objects.get()
    assert (action.side, action.pupil) == ("authority", cast.pupil("Ben"))
    stands = standing_of(facts_of(cast.hamsey.pk), LATER)
    assert stands is not None and stands.words.startswith("1 of 3 held, next on Tuesday 18 June 2024")


@pytest.mark.policy("A5-e")
def test_the_reason_for_no_next_meeting_is_kept(cast: Cast) -> None:
    done = recorded(cast, planned(cast), next_at=None, why="The team is being reorganised")
    assert done.deed.reason == "The team is being reorganised" and Meeting.objects.count() == 1


def test_a_next_meeting_that_is_planned_already_is_not_asked_for_again(cast: Cast) -> None:
    first = planned(cast)
    planned(cast, at=JUNE, key="m2")
    recorded(cast, first, next_at=None)
    assert Meeting.objects.count() == 2


def test_a_meeting_with_the_authority_is_not_written_down_as_one_with_a_family(cast: Cast) -> None:
    with pytest.raises(NotPlanned, match="authority's page"):
        record_outcome(
            planned(cast), Outcome("off", "No time"), by=cast.actor("head"), at=LATER, key="o",
        )  # fmt: skip


@pytest.mark.policy("A5-e")
def test_what_is_late_or_unwritten_or_not_planned_waits_for_the_school(cast: Cast) -> None:
    head = standing(cast.users["head"], DAY)
    assert meeting_waits(head, AT) == []
    contact(cast)
    said = [one.words for one in meeting_waits(head, AT)]
    assert said == [
        "Hamsey Primary School: meetings with the authority: 0 of 3 held, the next one is not planned; "
        "2 meetings are overdue"
    ]
    planned(cast)
    assert not any(
        "written down" in one.words for one in meeting_waits(head, moment(9, 0, TUESDAY + timedelta(days=1)))
    )
    late = meeting_waits(head, moment(9, 0, TUESDAY + timedelta(days=2)))
    assert late[0].words == "Hamsey Primary School: 1 meeting with the authority to be written down"
    assert meeting_waits(standing(cast.users["governor"], DAY), AT) == []


@pytest.mark.policy("A5-e")
def test_an_invitation_tells_of_a_child_the_initials_and_the_school_only(cast: Cast) -> None:
    contact(cast)
    meeting = planned(cast, kind="multi_agency", pupil=cast.pupil("Ben").pk)
    message = invite_contact(meeting, by=cast.actor("head"), at=AT, key="i1")
    assert invite_contact(meeting, by=cast.actor("dsl"), at=AT, key="i2") == message
    assert Message.objects.count() == 1 and message.to_address == SPOC.email and message.state == "waiting"
    text = message.subject + message.body
    assert "BC" in text and "Hamsey" in text
    assert not any(word in text for word in ("Ben", "Carter", "CP", "conference")) and message.pupil is None
    assert grounds()[message.ground](message, AT).stands


@pytest.mark.policy("A5-e")
def test_an_invitation_stops_when_its_meeting_or_its_reader_has_changed(cast: Cast) -> None:
    contact(cast)
    meeting = planned(cast)
    message = invite_contact(meeting, by=cast.actor("head"), at=AT, key="i1")
    contact(cast, "c2", Contact("Bob Next", "bob@authority.example"))
    assert "has changed" in grounds()[message.ground](message, AT).why
    contact(cast, "c3")
    off = Outcome("off", "They are ill")
    record_with_authority(meeting, off, next_at=JUNE, why_none="", by=cast.actor("head"), at=AT, key="o")
    assert "called off" in grounds()[message.ground](message, AT).why


def test_without_a_point_of_contact_nobody_is_invited(cast: Cast) -> None:
    with pytest.raises(NotPlanned, match="Nobody is written down"):
        invite_contact(planned(cast), by=cast.actor("head"), at=AT, key="i")


def test_that_agencies_meet_about_a_child_is_not_for_everybody(cast: Cast, signed_in, clock) -> None:
    pupil = cast.pupil("Ben").pk
    meeting = planned(cast, kind="multi_agency", pupil=pupil, at=moment(8, 50))
    outcome = Outcome(
        "held", "A plan was made.", came=(Asked("Ada", ""),), actions=(Agreement("school", "Dana", "Calls weekly"),)
    )
    record_with_authority(meeting, outcome, next_at=None, why_none="", by=cast.actor("dsl"), at=AT, key="o")
    assert meetings_of(pupil, AT) == [] and list(open_actions(cast.hamsey.pk)) == []
    clock(AT)
    page = f"/casework/authority/meetings/{meeting.pk}/"
    for who in ("secretary", "leader"):
        client = signed_in(who)
        assert client.get(page).status_code == 403, who
        assert b"several agencies" not in client.get(f"/casework/pupils/{pupil}/").content
    assert signed_in("teacher").get(page).status_code == 403
    assert signed_in("teacher").get(f"/casework/meetings/{meeting.pk}/meeting.ics").status_code == 403
    dsl = signed_in("dsl")
    assert b"A plan was made." in dsl.get(page).content
    assert b"Calls weekly" in dsl.get(f"/casework/pupils/{pupil}/").content


@pytest.mark.policy("A5-e")
def test_advice_and_training_are_asked_for_and_ticked_off(cast: Cast) -> None:
    asked = {"school": cast.hamsey.pk, "by": cast.actor("head"), "at": AT}
    row = ask_authority("Training on codes", owner="Ada Spoke", due=None, key="a1", **asked)
    assert ask_authority("Training on codes", owner="Ada Spoke", due=None, key="a1", **asked) == row
    with pytest.raises(NotPlanned, match="Say what"):
        ask_authority(" ", owner="Ada Spoke", due=None, key="a2", **asked)
    assert [one.what for one in authority_page(facts_of(cast.hamsey.pk), AT).actions] == ["Training on codes"]


@pytest.mark.policy("A5-e")
def test_the_pack_holds_trends_data_cohorts_and_pupils_with_what_was_tried(cast: Cast) -> None:
    fill(cast, {"Ben": missed(60), "Chloe": missed(12)})
    by, policy = cast.actor("leader"), load("federation")
    offer = offer_support(
        Offer("breakfast", DAY), pupil=cast.pupil("Ben").pk, school=cast.hamsey.pk, policy=policy, by=by, at=AT, key="s"
    )
    answer_offer(offer, "taken_up", school=cast.hamsey.pk, by=by, at=AT, key="a")
    facts = facts_of(cast.hamsey.pk)
    pack = make_targeting_pack(facts, by=by, at=AT, key="p")
    assert make_targeting_pack(facts, by=by, at=AT, key="p") == pack and TargetingPack.objects.count() == 1
    held = pack.contents
    assert [one["term"] for one in held["trends"]] == ["Autumn 1", "Autumn 2", "Spring 1", "Spring 2", "Summer 1"]
    assert sum(one["share"][1] for one in held["trends"]) == held["whole"]["share"][1]
    assert (held["whole"]["pupils"], held["whole"]["persistent"], held["whole"]["severe"]) == (9, 1, 0)
    kestrels = next(one for one in held["groups"] if one["name"] == "Class Kestrels")
    assert kestrels["pupils"] == 6 and kestrels["persistent"] == 1
    named = {one["name"]: one["tried"] for tier in held["tiers"] for one in tier["pupils"]}
    assert named["Ben Carter"] == ["Breakfast club: taken up"]
    assert sum(tier["n"] for tier in held["tiers"]) == 9


@pytest.mark.policy("A5-e")
def test_the_pack_reads_the_same_after_marks_and_names_have_changed(cast: Cast, signed_in, clock) -> None:
    fill(cast, {"Ben": missed(60)})
    clock(AT)
    head = signed_in("head")
    for _ in range(2):
        made = head.post("/casework/hamsey/targeting/", {"key": "k1"})
    pack = TargetingPack.objects.get()
    assert made.url == f"/casework/targeting/{pack.pk}/"
    page, pdf = head.get(made.url).content, head.get(f"{made.url}pack.pdf").content
    assert b"Ben Carter" in page and b"Persistently absent" in page and pdf.startswith(b"%PDF")
    fill(cast, {"Chloe": missed(80)})
    pupil = cast.pupil("Ben")
    pupil.known_first = "Benjamin"
    pupil.save()
    assert head.get(f"{made.url}pack.pdf").content == pdf
    assert b"Benjamin" not in head.get(made.url).content


def _plan(cast: Cast, **changes) -> dict[str, object]:
    me = f"user:{cast.users['head'].pk}"
    return {
        "key": "p1", "kind": "termly", "day": "2024-05-21", "time": "14:00", "contact": "on", "staff": [me],
        "place": "Room 2", "others": "", "about": "",
    } | changes  # fmt: skip


@pytest.mark.policy("A5-e")
def test_a_termly_meeting_from_its_plan_to_the_next_on_the_pages(cast: Cast, signed_in, clock) -> None:
    phone(cast)
    fill(cast, {})
    clock(AT)
    secretary, url = signed_in("secretary"), "/casework/hamsey/authority/"
    wrong = secretary.post(f"{url}contact/", {"key": "c", "name": "Ada Spoke", "email": "ada at home"})
    assert b"name@example.org" in wrong.content and b"ada at home" in wrong.content
    told = {"key": "c", "name": "Ada Spoke", "email": "ada@authority.example", "helpline": "01273 555021"}
    for _ in range(2):
        secretary.post(f"{url}contact/", told)
    assert AuthorityContact.objects.count() == 1
    assert b"Helpline 01273 555021" in secretary.get(url).content
    assert b"Helpline 01273 555021" in secretary.get("/casework/hamsey/tiers/").content
    wrong = secretary.post(f"{url}plan/", _plan(cast, day="", time="two"))
    assert b"Give the day of the meeting." in wrong.content and b"Give the time as 15.30." in wrong.content
    for _ in range(2):
        made = secretary.post(f"{url}plan/", _plan(cast))
    meeting = Meeting.objects.get()
    assert made.url == f"/casework/authority/meetings/{meeting.pk}/invite/"
    assert b"Dear Ada Spoke" in secretary.get(made.url).content and Message.objects.count() == 0
    for _ in range(2):
        secretary.post(made.url, {"key": "i"})
    assert Message.objects.get().kind == "authority.invitation"
    clock(LATER)
    page = f"/casework/authority/meetings/{meeting.pk}/"
    given = {"key": "o", "how": "held", "came": ["0"], "said": "We looked at year 4.", "what_1": "A visit",
             "owner_1": "Ada", "side_1": "authority", "pupil_1": "Ben Nobody"}  # fmt: skip
    wrong = secretary.post(page, given)
    assert b"Nobody of this school has that name" in wrong.content and b"We looked at year 4." in wrong.content
    wrong = secretary.post(page, given | {"pupil_1": "ben carter"})
    assert b"or say why none is planned" in wrong.content
    for _ in range(2):
        secretary.post(
            page, given | {"pupil_1": "Ben Carter, Kestrels", "next_day": "2024-06-18", "next_time": "14:00"}
        )
    assert AgreedAction.objects.get().pupil == cast.pupil("Ben") and Meeting.objects.count() == 2
    seen = secretary.get(url).content
    assert b"1 of 3 held, next on Tuesday 18 June 2024" in seen and b"A visit" in seen
    assert secretary.get(f"/casework/meetings/{meeting.pk}/").url == page
    again = secretary.post(page, given | {"key": "o2", "pupil_1": "", "next_day": "2024-06-18", "next_time": "14:00"})
    assert b"recorded this meeting already" in again.content


def test_asking_the_authority_from_the_page(cast: Cast, signed_in, clock) -> None:
    clock(AT)
    head, url = signed_in("head"), "/casework/hamsey/authority/ask/"
    assert b"Say what the authority is asked for." in head.post(url, {"key": "k", "what": ""}).content
    for _ in range(2):
        head.post(url, {"key": "k", "what": "Training on codes"})
    row = AgreedAction.objects.get()
    done = head.post(f"/casework/agreed/{row.pk}/done/", {"key": "d"})
    assert done.url == "/casework/hamsey/authority/" and b"Training on codes" in head.get(done.url).content


def test_the_authoritys_pages_are_not_for_everybody(cast: Cast, signed_in) -> None:
    meeting = planned(cast)
    pack = TargetingPack.objects.create(school=cast.hamsey, day=DAY, contents={}, deed=Meeting.objects.get().deed)
    pages = [
        "/casework/hamsey/authority/", "/casework/hamsey/authority/plan/",
        f"/casework/authority/meetings/{meeting.pk}/",
        f"/casework/targeting/{pack.pk}/", f"/casework/targeting/{pack.pk}/pack.pdf",
        f"/casework/pupils/{cast.pupil('Ben').pk}/agencies/",
    ]  # fmt: skip
    for who in ("governor", "teacher", "stranger", "office"):
        client = signed_in(who)
        assert {client.get(page).status_code for page in pages} <= {403, 404}, who
        assert client.post("/casework/hamsey/targeting/", {"key": "x"}).status_code in (403, 404)
    assert TargetingPack.objects.count() == 1
