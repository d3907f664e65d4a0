"""How allauth behaves here: nobody signs up by themselves, and sign-ins are noted in the journal."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from rollcall.accounts.queries import standing
from rollcall.journal import actions as journal


class ClosedDoor(DefaultAccountAdapter):  # type: ignore[misc]
    """Sign-ins are made by an administrator; there is no open door."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: a stranger has no business here."""
        return False

    def post_login(self, request: Any, user: Any, **kwargs: Any) -> Any:
        """Note the sign-in with the person's position."""
        held = standing(user, request.at.date())
        journal.note_look("sign-in", by=held.actor(), at=request.at, thing_id=user.pk)
        return super().post_login(request, user, **kwargs)
