"""`rollcall review`: a school's review as a table or as CSV, without a browser; `--close` opens, keeps and closes one.

Nothing is decided here. Without `--close` nothing is written at all.
"""

import csv
from argparse import ArgumentTypeError
from datetime import datetime, time
from io import StringIO
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from rollcall.casework import actions, queries
from rollcall.casework.models import Review
from rollcall.casework.queries.place import PupilRow
from rollcall.casework.queries.reviews import words_for
from rollcall.journal.actor import Actor
from rollcall.rules.stages import percent_down
from rollcall.schools.models import School
from rollcall.schools.queries.facts import LONDON

HEAD = ["pupil", "class", "attended", "possible", "percent", "last_time", "stage", "tier", "proposal", "why"]


def moment(text: str) -> datetime:
    """A day, or a day and time, as a London moment; a day alone means its end of school, 3.30pm."""
    try:
        given = datetime.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is no date; write it as 2024-05-14 or 2024-05-14T09:20.") from None
    return (datetime.combine(given, time(15, 30)) if len(text) == 10 else given).replace(tzinfo=LONDON)


class Command(BaseCommand):
    help = "Print a school's review: every pupil below the target or on the path, with reasons and what is proposed."

    def add_arguments(self, parser: CommandParser) -> None:
        """--school is the school's short name; the rest is for other programs and for the record."""
        parser.add_argument("--school", required=True, metavar="SLUG")
        parser.add_argument("--at", type=moment, metavar="DATE", help="as of when (now)")
        parser.add_argument("--csv", action="store_true", help="CSV instead of a table")
        parser.add_argument("--close", metavar="WHY", help="keep this review and close it, carrying all over: why")
        parser.add_argument("--by", metavar="NAME", help="who closes it; needed with --close")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print, and keep and close where asked to."""
        at = options["at"] or timezone.localtime(timezone.now())
        school = School.objects.filter(slug=options["school"]).first()
        if school is None:
            known = ", ".join(School.objects.values_list("slug", flat=True)) or "none yet"
            raise CommandError(f"There is no school {options['school']!r}; there are: {known}.")
        if options["close"] is not None and not options["by"]:
            raise CommandError("Say who closes the review: --by NAME.")
        found = queries.place(school.pk, at)
        rows = [self._line(row, found) for row in found.rows]
        self._csv(rows) if options["csv"] else self._table(rows, school, at)
        if options["close"] is not None:
            self._close(school, options["close"], options["by"], at)

    def _line(self, row: PupilRow, found: queries.Reviewed) -> list[str]:
        before = percent_down(row.before.attended, row.before.possible) if row.before else ""
        figures, conclusion = row.figures, row.conclusion
        return [
            row.seat.name,
            row.seat.class_name,
            str(figures.attended),
            str(figures.possible),
            figures.percent,
            before,
            "" if conclusion.stage is None else str(conclusion.stage),
            "" if conclusion.tier is None else str(conclusion.tier),
            words_for(found.policy, row.proposal.what),
            " ".join(reason.text for reason in row.proposal.why),
        ]

    def _csv(self, rows: list[list[str]]) -> None:
        text = StringIO()
        out = csv.writer(text, lineterminator="\n")
        out.writerow(HEAD)
        out.writerows([[_plain(cell) for cell in row] for row in rows])
        self.stdout.write(text.getvalue(), ending="")

    def _table(self, rows: list[list[str]], school: School, at: datetime) -> None:
        self.stdout.write(f"{school}: {len(rows)} below the target or on the path on {at:%A %-d %B %Y}.")
        for name, school_class, attended, possible, percent, _, stage, _, what, why in rows:
            self.stdout.write(
                f"\n{name} ({school_class})  {percent}% ({attended} of {possible})  stage {stage}  {what}"
            )
            self.stdout.write(f"    {why}")

    def _close(self, school: School, why: str, name: str, at: datetime) -> None:
        by = Actor("command", name, "by the command line")
        try:
            review = Review.objects.filter(school=school, closed__isnull=True).first()
            review = review or actions.open_review(school, by=by, at=at)
            left = actions.close_review(review, by=by, at=at, carry_over=why)
        except actions.NotReviewed as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stderr.write(f"The review of {review.day:%-d %B %Y} is kept and closed; {left} carried over.")


def _plain(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t") else cell
