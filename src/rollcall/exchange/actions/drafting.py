"""A file on its way in: kept while somebody maps and looks at it, gone when it is in, given up or a day old."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from rollcall.accounts.models import User
from rollcall.exchange import waiting
from rollcall.exchange.layouts import Layout, Options
from rollcall.exchange.models import Draft
from rollcall.schools.models import School

KEPT = timedelta(days=1)


def keep_upload(
    user: User, school: School, kind: str, filename: str, chunks: Iterable[bytes], options: Options, *, at: datetime
) -> Draft:
    """Keep an uploaded file for its next steps, after clearing away what others have left for a day."""
    sweep(at=at)
    token = waiting.put(chunks)
    return Draft.objects.create(
        token=token,
        user=user,
        school=school,
        kind=kind,
        filename=filename[-200:],
        made_at=at,
        layout={"options": vars(options)},
    )


def set_layout(draft: Draft, layout: Layout, options: Options) -> None:
    """Keep how a draft is read."""
    draft.layout = {"layout": layout.as_data(), "options": vars(options)}
    draft.save(update_fields=["layout"])


def give_up(draft: Draft) -> None:
    """Remove a draft and its file."""
    waiting.drop(draft.token)
    draft.delete()


def sweep(*, at: datetime) -> int:
    """Remove drafts older than a day; returns how many."""
    old = list(Draft.objects.filter(made_at__lt=at - KEPT))
    for draft in old:
        give_up(draft)
    return len(old)
