"""The only writer of wordings: each change is a new version, with who made it and when."""

from datetime import datetime

from django.db import transaction

from rollcall.journal import actions as journal
from rollcall.journal.actor import Actor
from rollcall.letters.models import Wording
from rollcall.letters.queries import check_wording, drafted, wording_for
from rollcall.rules.policy import Policy


def save_wording(
    kind: str, *, school: int | None, subject: str, body: str, policy: Policy, by: Actor, at: datetime, key: str = "",
    **parts: str,
) -> Wording:  # fmt: skip
    """Keep a new version of a letter's subject and body (A3-f), for a school by id or (None) for all of them.

    parts: greeting, closing, law, wishes, language, each as in use where left out; a language makes it a translation.
    Raises WordingError for an unknown field, a bracket left open, a field that the policy's letter must have and this
    text has not, or a threat in a letter that cites no law; LookupError for an unknown letter; AlreadyDone for a key
    used before.
    """
    wished = drafted(kind, school, subject, body, **parts)
    check_wording(policy.letter(kind), wished)
    with transaction.atomic():
        base = wording_for(kind, school, wished.language)
        deed = journal.begin("wording.saved", by=by, at=at, key=key, reason=kind, school=school)
        last = Wording.objects.filter(kind=kind, school=school, language=wished.language).order_by("version").last()
        version = (last.version if last else 0) + 1
        more = {part: getattr(wished, part) for part in MORE}
        made = Wording.objects.create(
            kind=kind,
            school=school,
            language=wished.language,
            version=version,
            subject=wished.subject,
            body=wished.body,
            more=more,
            deed=deed,
        )
        changes = {part: (getattr(base, part), getattr(wished, part)) for part in ("subject", "body", *MORE)}
        journal.note_changes(deed, "wording", made.pk, changes)
        return made


MORE = ("greeting", "law", "wishes", "closing")
"""The parts of a wording beside its subject and body."""

__all__ = ["save_wording"]
