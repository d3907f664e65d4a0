"""Tables that people bring: every bad cell named, and every file that is none refused in one sentence."""

import io
import zipfile
from collections.abc import Callable, Iterable
from datetime import date, datetime, time

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rollcall.rules.identifiers import check_upn
from rollcall.rules.tables import (
    BadCell,
    Cells,
    Column,
    Limits,
    UnreadableTable,
    a_choice,
    a_code,
    a_day,
    a_half,
    a_text,
    a_time,
    a_whole_number,
    check_rows,
    read_cells,
    read_table,
    yes_or_no,
)

MARKS = [
    Column("pupil"),
    Column("date", a_day),
    Column("session", a_half),
    Column("code", a_code("2024")),
    Column("minutes late", a_whole_number(0, 400), required=False),
]


def workbook(rows: Iterable[Iterable[object]]) -> bytes:
    book, out = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(list(row))
    book.save(out)
    return out.getvalue()


def with_member(content: bytes, name: str, text: str) -> bytes:
    """A workbook with one of its files replaced."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.namelist():
            new.writestr(member, text if member == name else old.read(member))
    return out.getvalue()


def refused(content: bytes, limits: Limits | None = None) -> str:
    with pytest.raises(UnreadableTable) as error:
        read_cells(content, limits)
    sentence = str(error.value)
    assert sentence.endswith(".") and "\n" not in sentence
    return sentence


def test_good_rows_come_with_their_values_and_numbers() -> None:
    table = read_table(
        b"Date,Pupil,Code,Session,House\r\n2025-09-08,ada,/,am,Oak\r\n\r\n08/09/2025, ben ,Y7,PM,\r\n", MARKS
    )
    assert [(row.number, dict(row.values)) for row in table.rows] == [
        (2, {"pupil": "ada", "date": date(2025, 9, 8), "session": "AM", "code": "/", "minutes late": None}),
        (4, {"pupil": "ben", "date": date(2025, 9, 8), "session": "PM", "code": "Y7", "minutes late": None}),
    ]
    assert table.bad == () and table.ignored == ("House",)
    assert table.rows[0]["code"] == "/"


def test_every_bad_cell_is_named_and_good_rows_are_kept() -> None:
    content = (
        "pupil,date,session,code,minutes late\n"
        "ada,31/02/2025,noon,H,-3\n"
        "ben,2025-09-08,AM,/,\n"
        ",8/9/25,PM,,\n"
        "cat,2025-09-08,PM\n"
        "dan,2025-09-08,AM,L,5,6\n"
    )
    table = read_table(content.encode(), MARKS)
    assert [row["pupil"] for row in table.rows] == ["ben"]
    assert [dict(row.values) for row in table.torn[:2]] == [
        {"pupil": "ada"},
        {"session": "PM", "minutes late": None},
    ]
    assert [(bad.row, bad.column) for bad in table.bad] == [
        (2, "date"),
        (2, "session"),
        (2, "code"),
        (2, "minutes late"),
        (4, "pupil"),
        (4, "date"),
        (4, "code"),
        (5, "code"),
        (6, "no heading"),
    ]
    assert str(table.bad[0]) == "Row 2, date: '31/02/2025' is not a day of the calendar."
    assert table.bad[2].problem.startswith("Code H is one of the 2006 codes")
    assert table.bad[4] == BadCell(4, "pupil", "", "Nothing is filled in.")
    assert "comma inside a cell" in table.bad[8].problem
    assert all(bad.problem.endswith(".") for bad in table.bad)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_a_name_is_read_in_any_encoding_that_schools_use(encoding: str) -> None:
    table = read_table("pupil\nZoë O’Brien\n".encode(encoding), [Column("pupil")])
    assert table.rows[0]["pupil"] == "Zoë O’Brien"


@pytest.mark.parametrize("content", [b"a;b\n1;x,y\n", b'a\tb\n1\t"x,y"\n', b'a,b\r1,"x,y"\r'])
def test_semicolons_tabs_and_old_line_ends_are_read(content: bytes) -> None:
    assert read_cells(content) == Cells(("a", "b"), ((2, ("1", "x,y")),))


def test_a_quoted_cell_may_hold_commas_quotes_and_line_ends() -> None:
    assert read_cells(b'a,b\n"x, ""y""\nz",1\n').rows == ((2, ('x, "y"\nz', "1")),)


def test_other_headings_are_mapped_to_ours() -> None:
    content = b"Mark,Student ID\nL,ada\n"
    columns = [Column("pupil"), Column("code", a_code("2006")), Column("session", a_half, required=False, blank="AM")]
    table = read_table(content, columns, headings={"pupil": "student id", "code": "Mark"})
    assert dict(table.rows[0].values) == {"pupil": "ada", "code": "L", "session": "AM"}


def test_a_missing_column_is_named_with_those_found() -> None:
    cells = read_cells(b"pupil,when\nada,today\n")
    with pytest.raises(UnreadableTable) as error:
        check_rows(cells, MARKS[:2])
    assert str(error.value) == "The column date is missing; the headings found are pupil, when."
    with pytest.raises(UnreadableTable, match="The columns date, session are missing"):
        check_rows(cells, MARKS[:3])


def test_headings_alone_are_a_table_without_rows() -> None:
    assert read_table(b"pupil\n", [Column("pupil")]).rows == ()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file is empty"),
        (b"\xef\xbb\xbf", "The file is empty"),
        (b"\n , \n", "The file is empty"),
        (b"a,A\n1,2\n", "Two columns are headed A"),
        (b'a,b\n1,2\n"x,3\n4,5\n', "Row 3: a quotation mark is opened there and never closed"),
        (b'a,b\n"' + b"x" * 200_000, "Row 2: a quotation mark is opened there and never closed"),
        (b'a,b\n"x"y,2\n', "Row 2: a quoted cell goes on after its closing quotation mark"),
        (b"a,b\n\x00\x01,2\n", "The file is not text"),
        (b"a,b\n\x81\x8d,2\n", "The file is not text"),
        (b"\xff\xfea", "The file is not text"),
        (b"%PDF-1.7 ...", "It is a PDF"),
        (b"PAR1....", "It is a Parquet file"),
        (b"\x1f\x8b....", "It is compressed"),
        (b"\xd0\xcf\x11\xe0" + b"\x00" * 600, "The workbook is of an old kind or has a password"),
        (b"PK\x03\x04 nothing", "The workbook is damaged"),
    ],
)
def test_a_file_that_is_no_table_is_refused_in_one_sentence(content: bytes, sentence: str) -> None:
    assert refused(content).startswith(sentence)


@pytest.mark.parametrize(
    ("limits", "sentence"),
    [
        (Limits(n_bytes=8), "The file is larger than 8 bytes"),
        (Limits(n_rows=2), "The table has more than 2 rows"),
        (Limits(n_columns=1), "Row 2 has more than 1 columns"),
    ],
)
@pytest.mark.parametrize("write", [workbook, lambda rows: "\n".join(",".join(row) for row in rows).encode()])
def test_more_than_the_limit_is_refused(write: Callable[..., bytes], limits: Limits, sentence: str) -> None:
    content = write([["a"], ["1", "2"], ["3"], ["4"]])
    assert refused(content, limits).startswith(sentence)


def test_the_limits_themselves_are_allowed() -> None:
    content = b"a,b\n1,2\n3,4\n"
    assert len(read_cells(content, Limits(len(content), 0, 2, 2)).rows) == 2


def test_a_workbook_gives_the_same_as_csv() -> None:
    rows = [
        ["pupil", "date", "session", "code", "minutes late"],
        ["ada", datetime(2025, 9, 8), "AM", "L", 12],
        [],
        ["ben", date(2025, 9, 8), "PM", "/", None],
        [100234.0, "08/09/2025", "PM", "I", "x"],
    ]
    table = read_table(workbook(rows), MARKS)
    assert [(row.number, row["pupil"], row["date"], row["minutes late"]) for row in table.rows] == [
        (2, "ada", date(2025, 9, 8), 12),
        (4, "ben", date(2025, 9, 8), None),
    ]
    assert [str(bad) for bad in table.bad] == ["Row 5, minutes late: 'x' is not a whole number from 0 to 400."]


def test_cells_of_a_workbook_are_written_as_in_csv() -> None:
    values = [datetime(2025, 9, 8, 8, 50), time(8, 50), True, False, 1.5, 2.0, 3, "  x "]
    cells = read_cells(workbook([[f"h{n}" for n in range(8)], values]))
    assert cells.rows == ((2, ("2025-09-08 08:50", "08:50", "yes", "no", "1.5", "2", "3", "x")),)


SHEET = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{}</worksheet>'
FIRST = "xl/worksheets/sheet1.xml"


def test_a_formula_gives_the_value_saved_with_it() -> None:
    text = SHEET.format(
        '<sheetData><row r="1"><c r="A1" t="str"><v>sum</v></c></row>'
        '<row r="2"><c r="A2"><f>1+1</f><v>2</v></c></row></sheetData>'
    )
    assert read_cells(with_member(workbook([["x"]]), FIRST, text)).rows == ((2, ("2",)),)


def test_the_sheets_own_word_on_its_size_is_not_believed() -> None:
    text = SHEET.format(
        '<dimension ref="A1:XFD1048576"/><sheetData><row r="1"><c r="A1" t="str"><v>a</v></c></row></sheetData>'
    )
    assert read_cells(with_member(workbook([["x"]]), FIRST, text)) == Cells(("a",), ())


def test_xml_that_swells_is_not_opened() -> None:
    bomb = (
        '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>'
        '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>&b;</t></si></sst>'
    )
    for name in ("xl/workbook.xml", "xl/styles.xml", "[Content_Types].xml", FIRST):
        assert "it was not opened" in refused(with_member(workbook([["x"]]), name, bomb))


def test_a_file_outside_is_not_fetched() -> None:
    reach = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>' + SHEET.format("<sheetData>&a;</sheetData>")
    assert "it was not opened" in refused(with_member(workbook([["x"]]), FIRST, reach))


def test_a_workbook_that_unpacks_to_too_much_is_refused() -> None:
    content = with_member(workbook([["x"]]), FIRST, SHEET.format(" " * 3_000_000))
    assert len(content) < 20_000
    assert refused(content, Limits(n_bytes_unzipped=2_000_000)).startswith("The workbook is too large when unpacked")


@pytest.mark.parametrize(
    ("inside", "sentence"),
    [
        ('<row r="1"><c r="XFD1"><v>1</v></c></row>', "Row 1 has more than 256 columns"),
        ('<row r="9999999999"><c r="A9999999999"><v>1</v></c></row>', "The workbook is damaged: it has more rows"),
        ('<row r="1"><c r="A1" t="s"><v>99</v></c></row>', "The workbook is damaged"),
        ('<row r="x"><c r="?"><v>1</v></c></row>', "The workbook is damaged"),
        ("<row><c>", "The workbook is damaged"),
    ],
)
def test_a_hostile_sheet_is_refused_in_one_sentence(inside: str, sentence: str) -> None:
    content = with_member(workbook([["x"]]), FIRST, SHEET.format(f"<sheetData>{inside}</sheetData>"))
    assert refused(content).startswith(sentence)


def test_another_zip_is_no_workbook() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("marks.csv", "a,b\n1,2\n")
    assert refused(out.getvalue()).startswith("It is a zip file, not an Excel workbook")


@given(st.binary(max_size=200))
def test_any_bytes_are_a_table_or_one_sentence(content: bytes) -> None:
    for start in (b"", b"PK\x03\x04", b"a,b\n"):
        try:
            read_cells(start + content)
        except UnreadableTable as error:
            assert str(error).endswith(".")


@given(st.integers(0, 10_000), st.integers(0, 255))
def test_a_workbook_with_one_byte_changed_is_a_table_or_one_sentence(place: int, byte: int) -> None:
    content = bytearray(SMALL)
    content[place % len(content)] = byte
    try:
        read_cells(bytes(content))
    except UnreadableTable as error:
        assert str(error).endswith(".")


SMALL = workbook([["pupil", "date"], ["ada", "2025-09-08"]])


@pytest.mark.parametrize(
    ("parse", "good", "value"),
    [
        (a_day, "2025-9-8", date(2025, 9, 8)),
        (a_day, "8.9.2025", date(2025, 9, 8)),
        (a_day, "2025-09-08 00:00:00", date(2025, 9, 8)),
        (a_time, "8.05", time(8, 5)),
        (a_time, "08:05:00", time(8, 5)),
        (a_half, "pm", "PM"),
        (a_code("2006"), "H", "H"),
        (a_whole_number(1, 14), "14", 14),
        (a_choice("Mother", "Father"), "mother", "Mother"),
        (yes_or_no, "Y", True),
        (yes_or_no, "0", False),
        (a_text(3), "abc", "abc"),
        (check_upn, "B801200005001", "B801200005001"),
    ],
)
def test_what_a_cell_may_hold(parse: Callable[[str], object], good: str, value: object) -> None:
    assert parse(good) == value


@pytest.mark.parametrize(
    ("parse", "bad", "sentence"),
    [
        (a_day, "8/9/25", "'8/9/25' is not a date; write 2025-09-01 or 01/09/2025."),
        (a_day, "2025-02-30", "'2025-02-30' is not a day of the calendar."),
        (a_day, "0000-01-01", "'0000-01-01' is not a day of the calendar."),
        (a_day, "٢٠٢٥-٠٩-٠٨", "'٢٠٢٥-٠٩-٠٨' is not a date; write 2025-09-01 or 01/09/2025."),
        (a_time, "24:00", "'24:00' is not a time of day; write 08:55."),
        (a_half, "day", "'day' is not a session; write AM or PM."),
        (a_whole_number(1, 14), "15", "'15' is not a whole number from 1 to 14."),
        (a_whole_number(1, 14), "1.5", "'1.5' is not a whole number from 1 to 14."),
        (a_whole_number(1, 14), "1" * 5000, f"'{'1' * 5000}' is not a whole number from 1 to 14."),
        (a_choice("a", "b", "c"), "d", "'d' is not one of a, b or c."),
        (a_choice("a"), "d", "'d' is not one of a."),
        (yes_or_no, "perhaps", "'perhaps' is not yes or no."),
        (a_text(3), "abcd", "It has 4 characters; at most 3 fit."),
    ],
)
def test_what_it_may_not(parse: Callable[[str], object], bad: str, sentence: str) -> None:
    with pytest.raises(ValueError) as refusal:
        parse(bad)
    assert str(refusal.value) == sentence
