"""Every register drawn in tests/spec has the figures drawn beside it, on its own and within its chapter."""

from pathlib import Path

import pytest
from tests import slow
from tests.spec.drawn import CHAPTERS, HERE, Case, Chapter, Register, read_chapter
from tests.spec.written import figures_csv, marks_csv

from rollcall.cli import main

DRAWN = {name: read_chapter(name) for name in CHAPTERS}
CASES = [(chapter, case) for chapter in DRAWN.values() for case in chapter.cases]


def names(value: Chapter | Case) -> str:
    return value.name


def printed(rows: list[slow.Row], register: Register) -> dict[str, str]:
    found = slow.figures(rows)[register.pupil, register.school]
    return {name: "" if value is None else str(value) for name, value in found.items()}


@pytest.mark.parametrize(("chapter", "case"), CASES, ids=names)
def test_the_judge_finds_what_is_drawn(chapter: Chapter, case: Case) -> None:
    for register in case.registers:
        assert register.expected, f"{case.name} expects nothing of {register.pupil}"
        found = printed(case.rows, register)
        assert {name: found[name] for name in register.expected} == register.expected


@pytest.mark.parametrize(("chapter", "case"), CASES, ids=names)
def test_the_program_prints_what_the_judge_finds(chapter: Chapter, case: Case, tmp_path: Path) -> None:
    marks, figures = tmp_path / "marks.csv", tmp_path / "figures.csv"
    marks.write_text(marks_csv(case.rows), encoding="utf-8", newline="")
    assert main(["figures", str(marks), "--out", str(figures)]) == 0
    assert figures.read_bytes() == figures_csv(case.rows).encode()


@pytest.mark.parametrize("chapter", DRAWN.values(), ids=names)
def test_the_cases_of_a_chapter_can_share_a_file(chapter: Chapter) -> None:
    together = slow.figures(chapter.rows)
    apart = {key: found for case in chapter.cases for key, found in slow.figures(case.rows).items()}
    assert together == dict(sorted(apart.items()))


def test_no_drawing_is_left_unread() -> None:
    from_files = {path.stem for path in HERE.glob("*.txt")}
    assert from_files == set(CHAPTERS)
