"""The drawn path: every step, question and way in it, and no words over other words, however long they are."""

import re
from datetime import date
from itertools import combinations
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rollcall.documents.enclosure import Sheet, sheet_pdf
from rollcall.documents.flowchart import WIDTH, Box, flow_chart, in_words
from rollcall.documents.letter import LetterPage, letter_pdf
from rollcall.documents.lettering import width_of, wrapped

SVG = "{http://www.w3.org/2000/svg}"


def box(id: str, yes: str, no: str, name: str = "", **more) -> Box:
    return Box(id, name or f"Step {id}", "Head of school", "Has it improved?", yes, no, **more)


PATH = [box("a", "b", "a"), box("b", "a", "c"), box("c", "a", "a")]


def texts(svg: str) -> list[tuple[float, float, float, float]]:
    """Where each line of words is: left, top, right, bottom."""
    found = []
    for one in ElementTree.fromstring(svg).iter(f"{SVG}text"):
        size = float(one.get("font-size", "0"))
        x, y = float(one.get("x", "0")), float(one.get("y", "0"))
        wide = width_of(one.text or "", size, bold=one.get("font-weight") == "700")
        found.append((x, y - 0.8 * size, x + wide, y + 0.2 * size))
    return found


def overlap(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def test_it_draws_each_step_with_its_owners_and_question_and_says_the_same_in_words() -> None:
    svg = flow_chart(PATH, title="The path")
    root = ElementTree.fromstring(svg)
    said = [one.text for one in root.iter(f"{SVG}text")]
    assert said.count("Has it improved?") == 3
    assert {"Step a", "Step b", "Step c", "Head of school", "Either", "Yes", "No"} <= set(said)
    assert root.find(f"{SVG}title").text == "The path"
    assert root.find(f"{SVG}desc").text == " ".join(in_words(PATH))
    assert in_words(PATH)[0] == "Step a: Head of school. Has it improved? Yes: go to “Step b”. No: stay here."
    assert in_words(PATH)[2].endswith("Either way: go to “Step a”.")


def test_it_marks_where_a_pupil_is_and_the_ways_they_went() -> None:
    came = [box("a", "b", "a", walked="yes"), box("b", "a", "c", here=True, notes=("16 April: 90%",)), PATH[2]]
    svg = flow_chart(came, title="The path")
    assert svg.count(">Here now<") == 1 and ">16 April: 90%<" in svg
    assert svg.count('stroke-width="4"/>') == 1, "one way was walked"
    assert "The pupil is here now." in in_words(came)[1]


NAMES = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=80)


@settings(deadline=None, max_examples=80)
@given(
    names=st.lists(st.one_of(NAMES, st.lists(NAMES, max_size=8).map(" ".join)), min_size=1, max_size=7),
    ways=st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=7, max_size=7),
)
def test_no_words_lie_over_others_or_outside_the_paper(names: list[str], ways: list[tuple[int, int]]) -> None:
    n = len(names)
    boxes = [
        Box(str(at), name, name, name, str(ways[at][0] % n), str(ways[at][1] % n), notes=(name,), here=at == 0)
        for at, name in enumerate(names)
    ]
    svg = flow_chart(boxes, title="A path")
    height = float(re.search(r'viewBox="0 0 \d+ ([\d.e+]+)"', svg).group(1))
    found = texts(svg)
    assert not any(overlap(one, other) for one, other in combinations(found, 2))
    assert all(one[0] >= 0 and one[2] <= WIDTH and one[1] >= 0 and one[3] <= height for one in found)


@given(text=st.text(max_size=200), width=st.integers(30, 300))
def test_words_are_wrapped_to_the_width_and_none_is_lost(text: str, width: int) -> None:
    lines = wrapped(text, 12, width)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(width_of(line, 12) <= width or len(line) == 1 for line in lines)


def test_a_path_without_a_step_is_refused() -> None:
    with pytest.raises(ValueError, match="no step"):
        flow_chart([], title="Nothing")


def test_names_that_look_like_markup_stay_words() -> None:
    svg = flow_chart([box("a", "a", "a", "<script>&")], title="<b>")
    assert "<script>" not in svg and ElementTree.fromstring(svg) is not None


def test_it_is_a_page_to_print_and_goes_with_a_letter_with_the_same_bytes() -> None:
    sheet = Sheet("The path", flow_chart(PATH, title="The path"), " ".join(in_words(PATH)), ("What it means.",))
    day = date(2024, 5, 14)
    assert sheet_pdf(sheet, dated=day) == sheet_pdf(Sheet.from_json(sheet.to_json()), dated=day)
    page = LetterPage("School", (), ("Name",), "Tuesday", "Dear", "Subject", ("Words.",), "Yours", ("Head",))
    with_it = LetterPage(**{**page.__dict__, "enclosed": (sheet.to_json(),)})
    kept = LetterPage.from_json(with_it.to_json())
    assert letter_pdf(kept, dated=day) == letter_pdf(with_it, dated=day) != letter_pdf(page, dated=day)
