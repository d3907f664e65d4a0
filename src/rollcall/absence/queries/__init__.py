"""What the room answers for others: whether a message about an absence still stands."""

from rollcall.absence.queries.grounds import grounds

__all__ = ["grounds"]
