"""The demo's clock. Its one row is written by the demo's builder into an empty database, and nowhere else.

Where the row is missing there is no demo: no bar, no moving of the clock, no becoming of somebody else.
"""

from django.db import models


class DemoClock(models.Model):
    """The demo shows `shown` when the wall clock shows `wall`, and goes on ticking from there."""

    shown = models.DateTimeField()
    wall = models.DateTimeField()

    def __str__(self) -> str:
        return f"demo clock at {self.shown}"
