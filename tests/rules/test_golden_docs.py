"""The files under docs/golden are the drawn cases, to the byte, and every chapter is explained there."""

from pathlib import Path

import pytest
from tests.spec.drawn import CHAPTERS, read_chapter
from tests.spec.written import GOLDEN, files_of

from rollcall.cli import main


@pytest.mark.parametrize("name", CHAPTERS)
def test_the_written_files_are_the_drawn_cases(name: str) -> None:
    for path, text in files_of(read_chapter(name)).items():
        assert path.read_bytes() == text.encode(), f"write docs/golden anew: python -m tests.spec.written ({path.name})"


@pytest.mark.parametrize("name", CHAPTERS)
def test_the_program_prints_the_written_figures(name: str, tmp_path: Path) -> None:
    printed = tmp_path / "figures.csv"
    assert main(["figures", str(GOLDEN / name / "marks.csv"), "--out", str(printed)]) == 0
    assert printed.read_bytes() == (GOLDEN / name / "figures.csv").read_bytes()


def test_nothing_else_lies_there() -> None:
    assert {path.name for path in GOLDEN.iterdir() if path.is_dir()} == set(CHAPTERS)
    assert all({file.name for file in (GOLDEN / name).iterdir()} == {"marks.csv", "figures.csv"} for name in CHAPTERS)


@pytest.mark.parametrize("name", CHAPTERS)
def test_the_readme_explains_the_chapter(name: str) -> None:
    assert f"[{name}]({name})" in (GOLDEN / "README.md").read_text(encoding="utf-8")


def test_no_pupil_is_drawn_twice_at_one_school() -> None:
    for name in CHAPTERS:
        drawn = [(register.pupil, register.school) for case in read_chapter(name).cases for register in case.registers]
        assert len(drawn) == len(set(drawn)), f"{name} draws a pupil twice at one school"
