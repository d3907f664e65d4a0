"""Letters and messages to the family in a pack, each as it was sent: to whom, how, accepted when, or why it stopped."""

from collections.abc import Iterable, Sequence
from typing import Any

from rollcall.casework.models import LetterWritten
from rollcall.casework.queries.letters import LETTERS, WRITTEN
from rollcall.casework.queries.packing.blocks import Block, done, exhibit, facts, heading, moment, page, table, text
from rollcall.casework.queries.packing.subject import Subject
from rollcall.documents.letter import LetterPage
from rollcall.outbox.kinds import FAMILY, kind_of
from rollcall.outbox.models import Attempt, Message
from rollcall.outbox.queries.messages import OUTCOMES

ADDRESS_OUT = "[address left out]"
MAY_NOT = "They may no longer be written to."
PROBLEM = ("stopped", "failed", "unsure", "off")


def messages_about(about: Subject) -> list[Message]:
    """Every message to the family about the pupil, the oldest first, without those about another adult's notice."""
    rows = Message.objects.filter(pupil=about.pupil.pk).select_related("deed").prefetch_related("attempts")
    others = _of_other_notices(about)
    return [
        one
        for one in rows.defer("pdf").order_by("made_at", "id")
        if kind_of(one.kind if one.kind else "", one.ground).to == FAMILY
        and not (one.ground == WRITTEN and one.ground_id in others)
    ]


def _of_other_notices(about: Subject) -> set[int]:
    """The letters of notices to other adults than the one that this pack is for."""
    if about.notice is None:
        return set()
    theirs = about.pupil.notices.exclude(contact=about.contact).values("pk")
    return set(LetterWritten.objects.filter(about="notice", about_id__in=theirs).values_list("pk", flat=True))


def exhibits(messages: Sequence[Message], about: Subject) -> list[dict[str, Any]]:
    """The letters as one exhibit with a part for each, and what was enclosed with them as another."""
    letters = [one for one in messages if one.ground in LETTERS]
    head = ("Made", "Letter", "To", "How", "What became of it")
    rows = [(moment(one.made_at), one.subject, one.to_name, one.get_channel_display(), _became(one)) for one in letters]
    drawings: dict[str, Block] = {}
    blocks: list[Block] = [table(head, (5, 6, 4, 3, 6), rows)] if rows else []
    for one in letters:
        blocks += [page(), heading(f"{one.subject}, to {one.to_name}", 2), *_letter(one, about, drawings)]
    found = [exhibit("Letters to the family, as they were sent", blocks)]
    if drawings:
        found.append(exhibit("Enclosed with letters", list(drawings.values())))
    return found


def _letter(one: Message, about: Subject, drawings: dict[str, Block]) -> list[Block]:
    mine = about.contact is not None and one.evidence.get("contact") == about.contact
    address = one.to_address.replace("\n", ", ") if mine else ""
    tries = [f"{moment(attempt.at)}: {_tried(attempt)}" for attempt in one.attempts.all()]
    relation = one.evidence.get("relationship", "")
    rows = facts(
        ("To", f"{one.to_name} ({relation.lower()})" if relation else one.to_name),
        ("Address", address),
        ("How", one.get_channel_display()),
        ("Made by", done(one.deed)),
        ("What became of it", _became(one)),
        ("Every attempt", "\n".join(tries)),
    )  # fmt: skip
    kept = one.evidence.get("letter")
    if not kept:
        return [rows, {"kind": "message", "text": one.body}]
    whole = LetterPage.from_json(kept)
    notes = [f"Enclosed: {_drawn(sheet, drawings)}" for sheet in whole.enclosed]
    shown = whole.to_json() | {"to": _to(whole.to, mine), "logo": "", "logo_alt": "", "enclosed": []}
    return [rows, {"kind": "letter", "page": shown}, *map(text, notes)]


def _to(lines: Iterable[str], mine: bool) -> list[str]:
    name, *address = list(lines) or [""]
    return [name, *address] if mine or not address else [name, ADDRESS_OUT]


def _drawn(sheet: Any, drawings: dict[str, Block]) -> str:
    """A drawing stands once in the pack, however many letters it went with."""
    given = {"kind": "drawing", "svg": sheet["svg"], "alt": sheet["alt"]}
    drawings.setdefault(sheet["svg"], given)
    return f"“{sheet['heading']}”, shown under “Enclosed with letters”, {list(drawings).index(sheet['svg']) + 1}."


def _became(one: Message) -> str:
    if one.state == "sent":
        how = "Printed and posted" if one.channel in ("print", "letter") else "Accepted for delivery"
        return f"{how} on {moment(one.sent_at)}"
    last = list(one.attempts.all())[-1:]
    why = _tried(last[0]) if last and one.state in PROBLEM else ""
    return f"{one.get_state_display()}. {why}".strip() if why else f"{one.get_state_display()}: it has not gone"


def _tried(attempt: Attempt) -> str:
    """An attempt in words; why one stopped, but nothing of who is barred, and no address that a server told."""
    words = OUTCOMES.get(attempt.outcome, attempt.outcome)
    if attempt.outcome != "stopped" or not attempt.detail:
        return words
    hides = "barred" in attempt.detail.lower() or "may no longer be written to" in attempt.detail
    return f"{words}: {MAY_NOT if hides else attempt.detail}"


def log(messages: Sequence[Message]) -> list[tuple[Any, str, str, str]]:
    """Messages that are no letters, for the log: when, what, who, in which words."""
    return [
        (one.made_at, f"{one.get_channel_display()} to {one.to_name}: {_became(one).lower()}", one.deed.name, one.body)
        for one in messages
        if one.ground not in LETTERS
    ]
