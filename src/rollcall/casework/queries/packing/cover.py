"""The cover of a pack, and what it says of the policy and the law."""

import hashlib
from collections.abc import Sequence
from datetime import date
from typing import Any

from rollcall.casework.queries.packing.blocks import Block, day, exhibit, facts, heading, items, moment, table
from rollcall.casework.queries.packing.subject import Subject
from rollcall.journal.actor import Actor
from rollcall.journal.models import Change
from rollcall.rules.codes import day_under
from rollcall.rules.dated import NotInForce, law
from rollcall.schools.queries.policies import read, version_on

NAMES = ("legal_first", "legal_last", "known_first", "known_last")
REFERENCES = ("offence", "penalty_notices", "public_place", "registers", "certificate")
UNSURE = "(recalled, not read in the statute: check it before it is relied on)"


def rows(about: Subject, by: Actor, numbers: Sequence[tuple[str, int]]) -> list[list[str]]:
    """The facts of the cover: who, where, by whom, up to which entry."""
    pupil, certified = about.pupil, about.certified
    known = "" if pupil.known_name == pupil.legal_name else pupil.known_name
    found = [
        ("Pupil", pupil.legal_name),
        ("Known as", known),
        ("Earlier names", "\n".join(earlier_names(pupil.pk))),
        ("Born", day(pupil.born)),
        ("Unique pupil number", pupil.upn),
        ("Schools", "\n".join(_school(one) for one in about.enrolled)),
        ("Made for", _made_for(about)),
        ("Made by", f"{by.name}, {by.position}, {moment(about.at)}"),
        ("Certified by", f"{certified.name}, {certified.position}" if certified else "nobody yet"),
        ("Counts up to entry", "\n".join(f"{school}: number {number}" for school, number in numbers)),
        ("Policy", policy_words(about)),
    ]
    return [[label, words] for label, words in found if words]


def _school(one: Any) -> str:
    stay = one.stay
    until = day(stay.left) if stay.left else "now"
    return f"{one.school.name} (number {one.school.urn}), {day(stay.admitted)} to {until}"


def _made_for(about: Subject) -> str:
    if about.notice is not None:
        return f"Penalty notice to {about.notice.to_name}: {about.notice.get_kind_display().lower()}"
    if about.case is not None:
        return f"{about.case.get_path_display()}, case {about.case.round}"
    return "The whole record"


def earlier_names(pupil: int) -> list[str]:
    """Names that were changed, as they were before, each with the day of the change."""
    found = Change.objects.filter(thing="pupil", thing_id=pupil, field__in=NAMES).select_related("deed")
    words = {"legal_first": "legal first name", "legal_last": "legal last name",
             "known_first": "known-as first name", "known_last": "known-as last name"}  # fmt: skip
    return [
        f"{words[one.field]} {one.before} until {day(one.deed.at.date())}"
        for one in found.order_by("deed__at", "id")
        if one.before and one.before != one.after
    ]


def policy_words(about: Subject) -> str:
    """The version of the policy in force, and the edition of the law that it is written under."""
    today = about.at.date()
    policy = about.facts.policy_on(today)
    return f"{policy.name}, version {about.facts.policy_id_on(today)}, under edition {policy.edition} of the law"


def policy_exhibit(about: Subject) -> dict[str, Any]:
    """The policy in force with what it says of penalty notices, and the law that it rests on."""
    today = about.at.date()
    version, policy = version_on(today), about.facts.policy_on(today)
    blocks: list[Block] = []
    if version is not None:
        read(version)
        digest = hashlib.sha256(version.document.encode()).hexdigest()
        blocks.append(
            facts(
                ("Policy", policy.name),
                ("Version", f"{version.pk}, in force since {day(version.effective)}"),
                ("Approved by the board", day(version.approved)),
                ("To be reviewed by", day(version.review)),
                ("Edition of the law", policy.edition),
                ("Digest of its text", digest),
            )
        )
    lines = [(_label(one.key), one.text, one.section) for one in policy.explain() if _is_shown(one.key)]
    blocks += [
        heading("What the policy says of penalty notices"),
        table(("What", "As written", "Section"), (5, 9, 2), lines),
    ]
    blocks += [heading("Law"), items(references(policy.edition, today))]
    return exhibit("The policy and the law", blocks)


def _is_shown(key: str) -> bool:
    """The policy's values of penalty notices; the points of the checklist stand with each notice."""
    return key.startswith("penalty.") and not key.startswith("penalty.checklist")


def _label(key: str) -> str:
    words = key.removeprefix("penalty.").replace("_", " ").replace(".", ", ")
    return words[:1].upper() + words[1:]


def references(edition: str, today: date) -> list[str]:
    """The law that a pack names under an edition on a day; what is only recalled says so."""
    found = []
    for key in REFERENCES:
        try:
            one = law("references", key).on(day_under(edition, today))
        except NotInForce:
            continue
        found.append(one.value if one.sure else f"{one.value} {UNSURE}")
    return found
