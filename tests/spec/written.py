"""The drawn chapters written out as files of marks and figures, so that any other system can be held to them.

`python -m tests.spec.written` writes docs/golden anew from the drawings; a test holds what is there equal to them.
"""

import csv
import io
from collections.abc import Iterable
from pathlib import Path

from tests import slow
from tests.spec.drawn import CHAPTERS, Chapter, read_chapter

GOLDEN = Path(__file__).resolve().parents[2] / "docs" / "golden"


def marks_csv(rows: Iterable[slow.Row]) -> str:
    """Rows as a file of marks, sorted by pupil and time; school and edition have a column where any row has them."""
    found = sorted(rows, key=lambda row: (row.pupil, row.school, row.day, row.session))
    columns = ["pupil", "school", "date", "session", "code", "minutes_late", "edition"]
    unused = {name for name in ("school", "edition", "minutes_late") if not any(getattr(row, name) for row in found)}
    return _csv([name for name in columns if name not in unused], ({**vars(row), "date": row.day} for row in found))


def figures_csv(rows: Iterable[slow.Row]) -> str:
    """What `rollcall figures` must print for the rows; a school column stands after the pupil where rows have one."""
    found = list(rows)
    columns = list(slow.COLUMNS)
    if any(row.school for row in found):
        columns.insert(1, "school")
    figures = slow.figures(found).items()
    return _csv(columns, ({"pupil": pupil, "school": school, **values} for (pupil, school), values in figures))


def files_of(chapter: Chapter) -> dict[Path, str]:
    """The two files of a chapter by their paths."""
    folder = GOLDEN / chapter.name
    return {folder / "marks.csv": marks_csv(chapter.rows), folder / "figures.csv": figures_csv(chapter.rows)}


def _csv(columns: list[str], rows: Iterable[dict[str, object]]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def main() -> None:
    for name in CHAPTERS:
        for path, text in files_of(read_chapter(name)).items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="")


if __name__ == "__main__":
    main()
