"""The carriers in one round of sending: opened when first needed, left alone while away, welcomed when they are back.

A carrier that is away is knocked at again after a pause that grows; meanwhile its messages wait where they are, and
what it failed at while away is due as soon as it is back.
"""

from datetime import datetime, timedelta

from django.db.models import Q

from rollcall.outbox.carriers import NAMES, NOTIFY, SMTP, carriers
from rollcall.outbox.models import Carrier, Message
from rollcall.outbox.notify import NotifyPost
from rollcall.outbox.outcomes import Post
from rollcall.outbox.sending import MailPost

KNOCKS = tuple(timedelta(seconds=n) for n in (5, 20, 60, 120))
"""How long a carrier that is away is left alone, by how often it has failed."""

LONG = timedelta(minutes=10)
"""A carrier away for longer gets everything that it failed at as soon as it is back."""

POSTS: dict[str, type[Post]] = {SMTP: MailPost, NOTIFY: NotifyPost}


class Carriers:
    """Who can be sent with in this round. `shut` are those that are left alone for now."""

    def __init__(self, at: datetime) -> None:
        self.at = at
        self.rows = {row.name: row for row in Carrier.objects.all()}
        self.shut = {name for name, row in self.rows.items() if row.next_try is not None and row.next_try > at}
        self._posts: dict[str, Post] = {}

    @staticmethod
    def channels_of(name: str) -> list[str]:
        """The channels that a carrier serves now."""
        return [channel for channel, carrier in carriers().items() if carrier == name]

    def opened(self, name: str) -> Post:
        """A carrier ready to be handed messages. Raises Unreachable."""
        post = self._posts.setdefault(name, POSTS[name]())
        post.open()
        return post

    def failed(self, name: str, why: str, detail: str) -> None:
        """Leave a carrier alone for a while."""
        row, _ = Carrier.objects.get_or_create(name=name)
        if row.away_since is None or row.why != why:
            row.why, row.detail = why, detail
        row.away_since, row.tries = row.away_since or self.at, row.tries + 1
        row.next_try = self.at + KNOCKS[min(row.tries, len(KNOCKS)) - 1]
        row.save(update_fields=["away_since", "why", "detail", "tries", "next_try"])
        self.rows[name] = row
        self.shut.add(name)

    def answered(self, name: str) -> None:
        """A carrier works: what it failed at in a long absence is due now."""
        row = self.rows.get(name)
        if row is None or row.away_since is None:
            return
        if row.away_since <= self.at - LONG:
            own = Q(carrier=name) | Q(carrier="", channel__in=self.channels_of(name))
            Message.objects.filter(own, state="waiting", next_try__gt=self.at).update(next_try=self.at)
        row.away_since = row.next_try = None
        row.why, row.detail, row.tries = "", "", 0
        row.save(update_fields=["away_since", "why", "detail", "tries", "next_try"])

    def sayings(self) -> list[str]:
        """A sentence for each carrier that is away."""
        away = [(name, row) for name, row in sorted(self.rows.items()) if row.away_since is not None]
        return [_said(name, row) for name, row in away]

    def close(self) -> None:
        """Let go of every connection."""
        for post in self._posts.values():
            post.close()


def _said(name: str, row: Carrier) -> str:
    if row.why in row.detail:
        return row.detail
    return f"{NAMES[name][0].upper()}{NAMES[name][1:]} {row.why}: {row.detail}"
