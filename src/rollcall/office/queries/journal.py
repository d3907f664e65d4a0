"""The journal for its page: deeds with what they changed, looks and sign-ins, kept to the reader's schools."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet

from rollcall.absence.queries.reserved import reserved_deeds
from rollcall.accounts.models import Grant
from rollcall.journal.models import Change, Deed, Look
from rollcall.office.forms.pupils import SENSITIVE
from rollcall.schools.models import Enrolment, Pupil

A_PAGE = 50
MOST_PUPILS = 50
WORDS = {
    "account.changed": "Changed a sign-in",
    "account.invited": "Invited somebody to sign in",
    "account.link_shown": "Saw a link to choose a password",
    "account.made": "Made a sign-in",
    "barred.otherwise": "Said that it was somebody else than a barred adult",
    "barred.stopped": "Stopped a barred adult who spoke for a child",
    "class.added": "Added classes",
    "class.renamed": "Renamed a class",
    "classes.repeated": "Made last year's classes anew",
    "change.asked": "Asked for a mark to be changed",
    "change.declined": "Declined a change to a mark",
    "closure.bank_holidays": "Closed on bank holidays",
    "closure.lifted": "Lifted a closure",
    "closure.made": "Closed sessions",
    "collector.stopped": "Stopped a barred adult who came for a child",
    "contact.added": "Added an adult",
    "contact.barred_why": "Changed why an adult is barred",
    "contact.changed": "Changed an adult's details",
    "contact.linked": "Said what an adult is to a pupil",
    "contact.moved_up": "Changed the order of contacts",
    "contact.unlinked": "Took an adult off",
    "exclusion.provision": "Said from when an excluded pupil is taught elsewhere",
    "exclusion.recorded": "Recorded a suspension or exclusion",
    "exclusion.withdrawn": "Withdrew a suspension or exclusion",
    "federation.founded": "Founded the federation",
    "grant.ended": "Ended a role",
    "grant.given": "Granted a role",
    "hold.ended": "Ended a hold on messages",
    "hold.set": "Held messages to a family",
    "letters.posted_out": "Had letters posted by GOV.UK Notify",
    "letters.printed": "Marked letters as posted",
    "message.again": "Let a message go again",
    "message.settled": "Saw to a message that failed",
    "messages.held_back": "Said that messages are not to go",
    "messages.released": "Looked at messages and sent them",
    "part_time.ended": "Ended a part-time pattern",
    "part_time.set": "Set a part-time pattern",
    "person.added": "Added a person",
    "person.renamed": "Renamed a person",
    "policy.adopted": "Adopted a policy",
    "post.ended": "Ended a position",
    "post.given": "Gave a position",
    "pupil.admitted": "Put a pupil on roll",
    "pupil.changed": "Changed a pupil's facts",
    "pupil.left": "Recorded a leaver",
    "pupil.moved_class": "Moved a pupil to another class",
    "register.amend": "Amended a register",
    "register.save": "Marked a register",
    "register.submit": "Handed in a register",
    "handed.done": "Did what was handed to them",
    "pupil.handed": "Handed a pupil to somebody",
    "review.advised": "Put something forward in a review",
    "review.closed": "Closed a review",
    "review.decided": "Decided in a review",
    "review.opened": "Opened a review",
    "school.changed": "Changed what is known of a school",
    "school.founded": "Added a school",
    "switch.set": "Switched which messages go by themselves",
    "times.set": "Set the times of the day",
    "wording.saved": "Changed the wording of a letter",
    "updates.sent": "Sent the updates to all parents",
    "updates.withdrawn": "Took back the updates to all parents",
    "year.rolled_forward": "Moved pupils up a year",
    "year.set": "Set the terms of a year",
}


@dataclass(frozen=True)
class Asked:
    """What the reader wants to see, and what they may: `schools` None stands for all."""

    schools: set[int] | None
    school: int | None = None
    who: str = ""
    pupils: tuple[int, ...] | None = None
    until: date | None = None
    sensitive: bool = False
    page: int = 1


@dataclass(frozen=True)
class JournalLine:
    """One deed or look."""

    at: datetime
    who: str
    position: str
    what: str
    reason: str
    changes: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True)
class JournalPage:
    """Some lines, newest first, and whether there are older ones."""

    lines: tuple[JournalLine, ...]
    more: bool


def named_pupils(words: str, schools: set[int] | None) -> tuple[int, ...] | None:
    """The pupils of these schools whose name has all the words; None where no words are given."""
    if not words.strip():
        return None
    rows = Pupil.objects.all() if schools is None else Pupil.objects.filter(enrolments__school__in=schools)
    for word in words.split():
        rows = rows.filter(
            Q(known_first__icontains=word)
            | Q(known_last__icontains=word)
            | Q(legal_first__icontains=word)
            | Q(legal_last__icontains=word)
        )
    return tuple(rows.distinct().values_list("pk", flat=True)[:MOST_PUPILS])


def deeds(asked: Asked) -> JournalPage:
    """Deeds with what they changed, in three queries; of what is for safeguarding alone, that it was done."""
    rows = _common(Deed.objects.all(), asked)
    if asked.school is not None:
        rows = rows.filter(school=asked.school)
    elif asked.schools is not None:
        rows = rows.filter(school__in=asked.schools)
    if asked.pupils is not None:
        touched = Change.objects.filter(thing="pupil", thing_id__in=asked.pupils)
        rows = rows.filter(pk__in=touched.values("deed"))
    found = list(_slice(rows.prefetch_related("changes").order_by("-at", "-id"), asked))
    kept_apart = set() if asked.sensitive else reserved_deeds(deed.pk for deed in found)
    lines = tuple(_kept_apart(one) if one.pk in kept_apart else _deed(one, asked.sensitive) for one in found[:A_PAGE])
    return JournalPage(lines, len(found) > A_PAGE)


def _kept_apart(deed: Deed) -> JournalLine:
    """A deed of which the reader may not know what it was about."""
    return JournalLine(deed.at, deed.name, deed.position, "Saw to an alert (kept apart)", "")


def _deed(deed: Deed, sensitive: bool) -> JournalLine:
    changes = tuple(_change(change, sensitive) for change in deed.changes.all())
    what = WORDS.get(deed.kind, deed.kind.replace(".", ": ").replace("_", " ").capitalize())
    what = f"{what} ({deed.about})" if deed.about else what
    return JournalLine(deed.at, deed.name, deed.position, what, deed.reason, changes)


def _change(change: Change, sensitive: bool) -> tuple[str, str, str]:
    words = change.field.replace("_", " ")
    if change.thing == "pupil" and change.field in SENSITIVE and not sensitive:
        return words, "(kept apart)", "(changed)"
    return words, change.before, change.after


def looks(asked: Asked, *, sign_ins: bool) -> JournalPage:
    """Who looked at what, or who signed in."""
    rows = _common(Look.objects.all(), asked)
    rows = rows.filter(what="sign-in") if sign_ins else rows.exclude(what="sign-in")
    schools = {asked.school} if asked.school is not None else asked.schools
    if schools is not None:
        rows = rows.filter(_at(schools, sign_ins))
    if asked.pupils is not None:
        rows = rows.filter(what="pupil", thing_id__in=asked.pupils)
    found = list(_slice(rows.order_by("-at", "-id"), asked))
    names = _names(found[:A_PAGE])
    return JournalPage(tuple(_look(look, names) for look in found[:A_PAGE]), len(found) > A_PAGE)


def _at(schools: set[int], sign_ins: bool) -> Q:
    """Looks at these schools' pupils; sign-ins of those who hold a role there."""
    if sign_ins:
        return Q(thing_id__in=Grant.objects.filter(school__in=schools).values("user"))
    return Q(what="pupil", thing_id__in=Enrolment.objects.filter(school__in=schools).values("pupil"))


def _names(found: list[Look]) -> dict[int, str]:
    ids = {look.thing_id for look in found if look.what == "pupil" and look.thing_id}
    return {pupil.pk: pupil.known_name for pupil in Pupil.objects.filter(pk__in=ids)} if ids else {}


def _look(look: Look, names: dict[int, str]) -> JournalLine:
    if look.what == "sign-in":
        return JournalLine(look.at, look.name, look.position, "Signed in", look.detail)
    thing = names.get(look.thing_id or 0, look.thing_id or "") if look.what == "pupil" else ""
    return JournalLine(look.at, look.name, look.position, f"Looked at {look.what} {thing}".strip(), look.detail)


def _common(rows: QuerySet, asked: Asked) -> QuerySet:
    if asked.who:
        rows = rows.filter(name__icontains=asked.who)
    return rows.filter(at__date__lte=asked.until) if asked.until else rows


def _slice(rows: QuerySet, asked: Asked) -> QuerySet:
    begin = (asked.page - 1) * A_PAGE
    return rows[begin : begin + A_PAGE + 1]
