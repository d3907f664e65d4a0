"""`rollcall export --school SLUG --year 2025 --out FILE`: marks as `rollcall figures` reads them, pupils, figures."""

from argparse import ArgumentParser
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from rollcall.exchange.queries.going_out import (
    FIGURE_HEADINGS,
    MARK_HEADINGS,
    Row,
    Sight,
    figure_rows,
    lines,
    mark_rows,
    pupil_rows,
)
from rollcall.exchange.queries.sheet_out import NoSheet, sheet_file
from rollcall.exchange.writing import is_parquet, write_parquet, write_sheet, write_whole
from rollcall.rules.sessions import SchoolYear
from rollcall.schools.models import School


class Command(BaseCommand):
    """Writes the file whole or not at all."""

    help = "Take a school's marks, pupils or figures out as CSV, or marks as Parquet."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What the command takes."""
        parser.add_argument("--school", action="append", required=True, help="short name; may be given again, or: all")
        parser.add_argument("--year", type=int, action="append", help="by the year it begins in; may be given again")
        parser.add_argument("--what", choices=["marks", "pupils", "figures"], default="marks")
        parser.add_argument("--out", type=Path, help="the file to write, .parquet for Parquet (default: CSV to output)")
        parser.add_argument("--sessions", type=Path, help="write marks in sheet form, and here its sessions as CSV")

    def handle(self, **given: Any) -> None:
        """Write what was asked for, school by school and year by year."""
        at = timezone.localtime()
        years = sorted(given["year"] or [SchoolYear.of(timezone.localdate(at)).start])
        schools = _schools(given["school"])
        if given["sessions"] is not None:
            self._write_sheet(given, schools, years, at)
            return
        rows = (row for school in schools for year in years for row in _rows(given["what"], school, year, at))
        if given["out"] is None:
            self.stdout.writelines(lines(_headings(given["what"]), rows))
            return
        self._write(given["out"], given["what"], rows)

    def _write(self, path: Path, what: str, rows: Iterable[Row]) -> None:
        if is_parquet(path) and what != "marks":
            raise CommandError(f"{path}: only marks go out as Parquet; give the file of {what} the ending .csv.")

        def fill(stream: BinaryIO) -> None:
            if is_parquet(path):
                write_parquet(rows, stream)
            else:
                stream.writelines(line.encode() for line in lines(_headings(what), rows))

        _save({path: fill})

    def _write_sheet(self, given: dict[str, Any], schools: list[School], years: list[int], at: Any) -> None:
        out, beside = given["out"], given["sessions"]
        if given["what"] != "marks" or not is_parquet(out) or len(schools) != 1 or len(years) != 1 or out == beside:
            raise CommandError("--sessions goes with marks of one school and one year, and --out FILE.parquet.")
        try:
            sheet = sheet_file(schools[0], years[0], at)
        except NoSheet as problem:
            raise CommandError(str(problem)) from None
        told = "".join(lines(("date", "session"), sheet.session_rows())).encode()
        _save({beside: lambda stream: _put(told, stream), out: lambda stream: write_sheet(sheet.marks, stream)})
        edition = f" --edition {sheet.edition}" if sheet.edition else ""
        self.stdout.write(f"Read it with: rollcall figures {out} --sessions {beside}{edition}")


def _put(content: bytes, stream: BinaryIO) -> None:
    stream.write(content)


def _save(files: dict[Path, Callable[[BinaryIO], None]]) -> None:
    try:
        write_whole(files)
    except OSError as error:
        raise CommandError(f"{' and '.join(map(str, files))} can't be written: {error.strerror}.") from None


def _schools(slugs: list[str]) -> list[School]:
    if slugs == ["all"]:
        return list(School.objects.order_by("slug"))
    found = {one.slug: one for one in School.objects.all()}
    for slug in slugs:
        if slug not in found:
            raise CommandError(
                f"There is no school {slug!r}; the schools are: {', '.join(sorted(found)) or 'none yet'}."
            )
    return [found[slug] for slug in slugs]


def _headings(what: str) -> Row:
    if what == "pupils":
        return [one.label for one in Sight(True, True, True).fields()]
    return MARK_HEADINGS if what == "marks" else FIGURE_HEADINGS


def _rows(what: str, school: School, year: int, at: Any) -> Iterator[Row]:
    if what == "pupils":
        return pupil_rows(school, year, Sight(True, True, True))
    return mark_rows(school, year, at) if what == "marks" else figure_rows(school, year, at)
