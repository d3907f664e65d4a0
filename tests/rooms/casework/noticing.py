"""What the tests of penalty notices share: a warning that went, absences after it, a gate that is open."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from rollcall.casework.actions import notice_issuing
from rollcall.casework.actions.notices import Wanted, propose
from rollcall.casework.models import LetterWritten, Notice, SupportAnswer, SupportOffered
from rollcall.casework.queries.gate import Gate, checklist_of
from rollcall.casework.queries.prompts import ForParents, prompts_of_pupil
from rollcall.casework.queries.written import WRITTEN
from rollcall.journal import actions as journal
from rollcall.journal.actor import INSTALLER
from rollcall.outbox.models import Message
from rollcall.registers.actions.writing import NewEntry, write_entries
from rollcall.schools.models import Contact, PupilContact
from rollcall.schools.queries import facts_of
from rollcall.schools.queries.facts import LONDON
from tests.cast import DAY, Cast, moment
from tests.rooms.casework.marking import fill, phone, sessions

WARNED = date(2024, 4, 17)
AT = moment(9, 5)


def on_days(cast: Cast, days: Iterable[date], code: str = "O") -> dict[int, str]:
    """Indexes of a pupil's sessions on some days, for `fill`."""
    wanted = set(days)
    return {n: code for n, (day, _) in enumerate(sessions(cast)) if day in wanted}


def absent_after(cast: Cast, n_days: int = 5, code: str = "O") -> dict[int, str]:
    """Both sessions of so many school days in a row, from the second day after the warning."""
    days = sorted({day for day, _ in sessions(cast) if day > WARNED + timedelta(days=1)})[:n_days]
    return on_days(cast, days, code)


def warn(cast: Cast, name: str, day: date = WARNED, letter: str = "letter-3", state: str = "sent") -> list[Message]:
    """A warning to each adult of a pupil that was posted on a day."""
    pupil, at = cast.pupil(name), datetime.combine(day, time(12), LONDON)
    deed = journal.begin("test.warned", by=INSTALLER, at=at, school=cast.hamsey.pk)
    row = LetterWritten.objects.create(pupil=pupil, school=cast.hamsey, letter=letter, day=day, deed=deed)
    return [
        Message.objects.create(
            once=f"warn:{row.pk}:{link.contact_id}", deed=deed, school=cast.hamsey.pk, channel="print",
            to_name=str(link.contact), to_address="x", subject="A warning", body="x", ground=WRITTEN, ground_id=row.pk,
            pupil=pupil.pk, kind="letter.warning",
            evidence={"contact": link.contact_id}, state=state, next_try=at, made_at=at,
            sent_at=at if state == "sent" else None,
        )
        for link in pupil.contacts.all()
    ]  # fmt: skip


def add_parent(
    cast: Cast, name: str, first: str, relationship: str = "Father", *, responsible: bool = True, barred: bool = False
) -> Contact:
    """Another adult of a pupil."""
    contact = Contact.objects.create(
        title="Mr",
        first=first,
        last="Begum",
        email=f"{first.lower()}@example.org",
        address="2 Hill Road\nHamsey\nBN8 5TT",
    )
    PupilContact.objects.create(
        pupil=cast.pupil(name), contact=contact, order=2, relationship=relationship,
        parental_responsibility=responsible, barred=barred,
    )  # fmt: skip
    return contact


def parent_of(cast: Cast, name: str) -> int:
    """The first contact of a pupil, by id."""
    return cast.pupil(name).contacts.order_by("order").first().contact_id


def prompts(cast: Cast, name: str, at: datetime = AT) -> list[ForParents]:
    """The prompts about a pupil at Hamsey."""
    return prompts_of_pupil(cast.pupil(name).pk, facts_of(cast.hamsey.pk), at)


def offer(cast: Cast, name: str, answer: str = "refused") -> SupportOffered:
    """Support that was offered to a family, and what became of it."""
    deed = journal.begin("test.offered", by=INSTALLER, at=AT, school=cast.hamsey.pk)
    given = {"kind": "other", "what": "Breakfast club", "day": date(2024, 4, 16)}
    row = SupportOffered.objects.create(pupil=cast.pupil(name), school=cast.hamsey, deed=deed, **given)
    if answer:
        SupportAnswer.objects.create(offer=row, answer=answer, day=date(2024, 4, 18), deed=deed)
    return row


def open_gate(cast: Cast, kind: str = "irregular", **more: Any) -> Gate:
    """Every point answered with yes, support said not to be apt."""
    policy = facts_of(cast.hamsey.pk).policy_on(DAY)
    given = {"not_apt": "The family is well and wants no help", "answers": {}}
    given["answers"] = {one.id: "yes" for one in checklist_of(policy, kind)}
    return Gate(**(given | more))


def wanted(cast: Cast, name: str, kind: str = "irregular", **more: Any) -> Wanted:
    """A notice to the first parent on the sessions as they are shown."""
    (one,) = [one for one in prompts(cast, name) if one.prompt.kind == kind]
    given = {
        "contacts": [parent_of(cast, name)],
        "kind": kind,
        "sessions": [seen.session for seen in one.prompt.sessions],
        "gate": open_gate(cast, kind),
    }
    return Wanted(**(given | more))


def proposed(cast: Cast, name: str = "Aisha", by: str = "head", key: str = "p1", **more: Any) -> Notice:
    """One notice to the first parent."""
    pupil = cast.pupil(name).pk
    (notice,) = propose(
        pupil, wanted(cast, name, **more), school=cast.hamsey.pk, by=cast.actor(by), at=AT, key=key
    )  # fmt: skip
    return notice


def issued(cast: Cast, name: str = "Aisha", at: datetime = AT, **more: Any) -> Notice:
    """One notice that the executive headteacher issued, its letter waiting to be printed."""
    notice = proposed(cast, name, **more)
    notice_issuing.issue(
        notice.pk, issuer="executive_headteacher", school=cast.hamsey.pk, in_demo=False, by=cast.actor("exec"), at=at,
        key=f"i{notice.pk}",
    )  # fmt: skip
    notice.refresh_from_db()
    return notice


def post_it(notice: Notice, at: datetime) -> Message:
    """Print and post the letter of a notice."""
    letter = LetterWritten.objects.get(about="notice", about_id=notice.pk)
    message = Message.objects.get(ground=WRITTEN, ground_id=letter.pk)
    message.state, message.sent_at = "sent", at
    message.save()
    return message


def mark(cast: Cast, name: str, day: date, half: str, code: str, reason: str = "The family showed a letter") -> None:
    """Amend one mark."""
    deed = journal.begin("register.amend", by=INSTALLER, at=AT, school=cast.hamsey.pk, reason=reason)
    write_entries(cast.hamsey.pk, [NewEntry(cast.enrolments[name].pk, day, half, code)], deed)  # type: ignore[arg-type]


def ready(cast: Cast, **absent: dict[int, str]) -> Cast:
    """Aisha with ten sessions after a warning, unless said otherwise."""
    phone(cast)
    fill(cast, absent or {"Aisha": absent_after(cast)})
    for name in absent or ("Aisha",):
        warn(cast, name)
    return cast
