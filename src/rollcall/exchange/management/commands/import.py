"""`rollcall import pupils|marks FILE --school SLUG`: a file brought in at the command line, of any size.

The clock enters here. `--dry-run` says what would be done and writes nothing.
"""

from argparse import ArgumentParser
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from rollcall.accounts.models import User
from rollcall.accounts.queries import NotAllowed, Place, standing
from rollcall.exchange.actions import NotBrought, bring_in_marks, bring_in_pupils
from rollcall.exchange.fields import NEEDED
from rollcall.exchange.guessing import guess, strange_words
from rollcall.exchange.layouts import Layout, Options
from rollcall.exchange.models import Intake
from rollcall.exchange.queries.looking import fitted, plan_of, presets_for, read_as
from rollcall.exchange.queries.mark_file import MarkFile
from rollcall.exchange.queries.mark_plan import MarkPlan
from rollcall.exchange.queries.pupil_plan import PupilPlan
from rollcall.exchange.queries.trouble import SHOWN
from rollcall.exchange.reading import COMMAND_LIMITS, Grid, read_grid
from rollcall.journal.actions import new_key
from rollcall.journal.actor import INSTALLER, Actor
from rollcall.rules.sessions import SchoolYear
from rollcall.rules.tables import BadCell, UnreadableTable
from rollcall.schools.models import School


class Command(BaseCommand):
    """Ends with 1 and a line for each bad cell where anything is wrong; then nothing is written."""

    help = "Bring in pupils or marks from a CSV file or Excel workbook, all or nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What the command takes."""
        parser.add_argument("kind", choices=["pupils", "marks"])
        parser.add_argument("file", type=Path)
        parser.add_argument("--school", required=True, help="the school's short name, such as hamsey")
        parser.add_argument("--year", type=int, help="the school year by the year it begins in (default: the present)")
        parser.add_argument("--preset", help="a saved or shipped layout by name (default: guessed by the headings)")
        parser.add_argument("--by", help="the e-mail address of the person who brings it in (default: set-up)")
        parser.add_argument("--reason", default="", help="why marks that stand are changed, where the file changes any")
        parser.add_argument("--add-classes", action="store_true", help="add classes that the school does not have yet")
        parser.add_argument("--dry-run", action="store_true", help="say what would be done; write nothing")

    def handle(self, **given: Any) -> None:
        """Read, plan, and write unless it is a dry run."""
        at = timezone.localtime()
        school = School.objects.filter(slug=given["school"]).first()
        if school is None:
            there = ", ".join(School.objects.values_list("slug", flat=True)) or "none yet"
            raise CommandError(f"There is no school {given['school']!r}; the schools are: {there}.")
        start = given["year"] or SchoolYear.of(timezone.localdate()).start
        options = Options(start, add_classes=given["add_classes"])
        by, may_amend, rows = _who(given["by"], school, at)
        content = _content(given["file"])
        try:
            grid = read_grid(content, COMMAND_LIMITS)
            layout = _layout(grid, given["kind"], given["preset"], school, start)
            file = read_as(grid, layout, options, rows)
        except UnreadableTable as problem:
            raise CommandError(f"{given['file']}: {problem}") from None
        if given["dry_run"]:
            plan = plan_of(file, school, options, at)
            self._say(plan)
            if plan.bad:
                raise CommandError(_listed(plan.bad))
            return
        common: dict[str, Any] = {
            "by": by, "at": at, "key": new_key(), "filename": given["file"].name, "content": content,
        }  # fmt: skip
        try:
            if isinstance(file, MarkFile):
                done = bring_in_marks(school, file, may_amend=may_amend, reason=given["reason"], **common)
            else:
                done = bring_in_pupils(school, file, options, **common)
        except NotBrought as refusal:
            raise CommandError("\n".join(filter(None, [str(refusal), _listed(refusal.bad)]))) from None
        self.stdout.write(_done(done))

    def _say(self, plan: MarkPlan | PupilPlan) -> None:
        self.stdout.write(
            f"{plan.n_rows:,} rows: {plan.added:,} new, {plan.changed:,} changed, {plan.unchanged:,} alike."
        )
        for n, words in plan.passed_over:
            self.stdout.write(f"Passed over: {n:,} sessions {words}.")
        for heading in plan.ignored:
            self.stdout.write(f"Not read: the column {heading}.")


def _who(email: str | None, school: School, at: datetime) -> tuple[Actor, bool, frozenset[str]]:
    """The Actor, whether marks that stand may be changed, and the rows held of those that fields need."""
    if email is None:
        return INSTALLER, True, NEEDED
    user = User.objects.filter(email__iexact=email, is_active=True).first()
    if user is None:
        raise CommandError(f"Nobody signs in as {email}.")
    may, here = standing(user, timezone.localdate(at)), Place(school=school.pk)
    try:
        may.check_can("import:run", here)
    except NotAllowed as refusal:
        raise CommandError(str(refusal)) from None
    rows = frozenset(row for row in NEEDED if may.can(row, here))
    return may.actor(school.pk), may.can("register:amend", here), rows


def _content(path: Path) -> bytes:
    try:
        if path.stat().st_size > COMMAND_LIMITS.n_bytes:
            raise CommandError(f"{path} is larger than {COMMAND_LIMITS.n_bytes // 1_000_000} MB; split it.")
        return path.read_bytes()
    except OSError as error:
        raise CommandError(f"{path} can't be read: {error.strerror}.") from None


def _layout(grid: Grid, kind: str, preset: str | None, school: School, start: int) -> Layout:
    if preset:
        found = {one.name.casefold(): one for one in reversed(presets_for(school, kind))}
        if preset.casefold() not in found:
            names = ", ".join(sorted(one.name for one in found.values()))
            raise CommandError(f"There is no preset {preset!r} for {kind}; there are: {names}.")
        return fitted(found[preset.casefold()], grid)
    layout = guess(grid, kind, start)
    if kind == "marks":
        sessions, codes = strange_words(grid.cells(layout.heading_row, layout.heading_rows), layout, start)
        if sessions or codes:
            words = ", ".join(repr(word) for word in (sessions + codes)[:10])
            raise CommandError(
                f"Nothing says what {words} stands for: map the file on the page once, and save a preset."
            )
    return layout


def _listed(bad: "tuple[BadCell, ...] | list[BadCell]") -> str:
    lines = [str(one) for one in bad[:SHOWN]]
    return "\n".join(lines + ([f"and {len(bad) - SHOWN} more"] if len(bad) > SHOWN else []))


def _done(done: Intake | None) -> str:
    if done is None:
        return "Nothing to do: everything in the file stands already."
    return f"{done.n_rows:,} rows: {done.added:,} new, {done.changed:,} changed, {done.unchanged:,} alike."
