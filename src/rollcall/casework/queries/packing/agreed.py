"""Meetings with what was said and agreed, targets, plans and forms, support with its outcome, talks, in a pack."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Q

from rollcall.casework.models import (
    AgreedAction,
    FormFilled,
    InterventionPupil,
    Meeting,
    MeetingOutcome,
    Raised,
    SupportOffered,
    Target,
)
from rollcall.casework.queries.meetings import FAMILY, from_kept, target_words
from rollcall.casework.queries.packing.blocks import Block, day, done, exhibit, facts, heading, items, moment, table
from rollcall.casework.queries.packing.subject import Subject
from rollcall.rules.filling import kept_form, told

OPEN_ROWS = ("", "case:see")
"""The rights of copied facts that a pack may tell: what needs another right, such as who to call, is left out."""
SHOWN = (*FAMILY, "targeting")


def exhibits(about: Subject) -> list[dict[str, Any]]:
    """Four exhibits: meetings and targets, plans and forms, support, matters raised in person."""
    return [
        exhibit("Meetings, what was agreed, and targets", [*_meetings(about), *_targets(about), *_actions(about)]),
        exhibit("Plans and forms", [part for row in forms_of(about) for part in _form(row, about)]),
        exhibit("Support offered, and strategies", [*_support(about), *_interventions(about)]),
        exhibit("Matters raised in person", _raised(about)),
    ]


def meetings_of(about: Subject) -> list[tuple[Meeting, MeetingOutcome | None]]:
    """The pupil's meetings with how they went, the earliest first; those of several agencies are left out."""
    rows = Meeting.objects.filter(pupil=about.pupil.pk, kind__in=SHOWN).select_related("deed", "outcome__deed")
    return [(one, getattr(one, "outcome", None)) for one in rows.order_by("at", "id")]


def _meetings(about: Subject) -> Iterator[Block]:
    for one, outcome in meetings_of(about):
        agreed = [_action(each, about) for each in one.actions.select_related("done").order_by("id")]
        yield heading(f"{one.get_kind_display()}: {moment(one.at)}", 2)
        yield facts(
            ("Asked", "\n".join(map(str, from_kept(one.asked)))),
            ("Where", one.place),
            ("About", about.typed(one.about)),
            ("How it went", outcome.get_how_display() if outcome else _not_written(one, about)),
            ("Who came", "\n".join(map(str, from_kept(outcome.came))) if outcome else ""),
            ("What was said", about.typed(outcome.said) if outcome else ""),
            ("What was agreed", "\n".join(agreed)),
            ("Next review", day(outcome.next_review) if outcome else ""),
            ("Written down by", done(outcome.deed) if outcome else ""),
        )


def _not_written(one: Meeting, about: Subject) -> str:
    return "Nobody wrote down how it went" if one.at <= about.at else "Still to come"


def _action(one: AgreedAction, about: Subject) -> str:
    due = f", by {day(one.due)}" if one.due else ""
    words = f": {about.typed(one.done_words)}" if one.done_words else ""
    became = f"done, {done(one.done)}{words}" if one.done else "not done yet"
    return f"{one.get_side_display()}, {one.owner}: {about.typed(one.what)}{due} ({became})"


def _targets(about: Subject) -> Iterator[Block]:
    rows = Target.objects.filter(pupil=about.pupil.pk).select_related("deed", "withdrawn").order_by("id")
    if rows:
        yield heading("Targets", 2)
        yield table(
            ("Target", "Set by", "Taken back"),
            (8, 6, 6),
            [(target_words(one), done(one.deed), _back(one, about)) for one in rows],
        )


def _back(one: Target, about: Subject) -> str:
    return f"{done(one.withdrawn)}: {about.typed(one.withdrawn.reason)}" if one.withdrawn else ""


def _actions(about: Subject) -> Iterator[Block]:
    rows = AgreedAction.objects.filter(Q(pupil=about.pupil.pk), meeting__isnull=True).select_related("done")
    if found := [_action(one, about) for one in rows.order_by("id")]:
        yield heading("Agreed outside meetings", 2)
        yield items(found)


def forms_of(about: Subject) -> list[FormFilled]:
    """The pupil's forms, the oldest first, without those of the safeguarding lead."""
    rows = FormFilled.objects.filter(pupil=about.pupil.pk).select_related("deed").order_by("id")
    return [row for row in rows if not row.definition["form"].get("by_safeguarding_lead")]


def _form(row: FormFilled, about: Subject) -> list[Block]:
    was = kept_form(row.definition["form"])
    copied = [(one["label"], one["text"]) for one in row.definition.get("copied", ()) if one["row"] in OPEN_ROWS]
    answers = [(field.label, about.typed(told(field, row.answers)) or "not answered") for field in was.fields]
    return [
        heading(was.name, 2),
        facts(("What it is for", was.purpose), ("Filled in by", done(row.deed)), ("Reviewed on", day(row.review_due))),
        *([heading("Copied from the record"), facts(*copied)] if copied else []),
        heading("Answers"),
        facts(*answers),
    ]


def support_of(about: Subject) -> list[SupportOffered]:
    """The support that was offered, the oldest first."""
    rows = SupportOffered.objects.filter(pupil=about.pupil.pk).select_related("deed")
    return list(rows.prefetch_related("answers__deed").order_by("day", "id"))


def _support(about: Subject) -> Iterator[Block]:
    rows = [
        (
            day(one.day),
            f"{about.typed(one.what)}{f', {one.provider}' if one.provider else ''}",
            "\n".join(_answer(each, about) for each in one.answers.all()) or "No answer is recorded",
            done(one.deed),
        )
        for one in support_of(about)
    ]
    yield table(("Offered", "What", "What became of it", "Recorded by"), (5, 7, 7, 6), rows)


def _answer(one: Any, about: Subject) -> str:
    note = f": {about.typed(one.note)}" if one.note else ""
    return f"{one.get_answer_display()}, {day(one.day)}{note}"


def _interventions(about: Subject) -> Iterator[Block]:
    rows = InterventionPupil.objects.filter(pupil=about.pupil.pk).select_related("intervention").order_by("begins")
    if rows:
        yield heading("Strategies that the pupil was part of")
        yield table(
            ("Strategy", "Aim", "Led by", "From", "To"),
            (6, 8, 4, 4, 4),
            [
                (row.intervention.name, about.typed(row.intervention.aim), row.intervention.led_by, day(row.begins),
                 day(row.ended or row.intervention.ended) or "goes on")
                for row in rows
            ],
        )  # fmt: skip


def _raised(about: Subject) -> list[Block]:
    rows = Raised.objects.filter(pupil=about.pupil.pk).select_related("deed").order_by("day", "id")
    told = [
        (day(one.day), one.get_about_display(), one.with_whom, about.typed(one.said), done(one.deed)) for one in rows
    ]
    return [table(("Day", "About", "With", "What was said", "Written down by"), (4, 3, 4, 8, 5), told)]
