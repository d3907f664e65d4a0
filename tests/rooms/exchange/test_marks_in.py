"""A file of marks: held cell by cell to roll, calendar and law, written by one deed or not at all."""

from datetime import date

import pytest

from rollcall.exchange.actions import Moved, NotBrought, bring_in_marks, intake
from rollcall.exchange.guessing import guess
from rollcall.exchange.layouts import Options
from rollcall.exchange.models import Intake
from rollcall.exchange.queries.mark_file import read_marks
from rollcall.exchange.queries.mark_plan import MarkPlan, plan_marks
from rollcall.exchange.reading import read_grid
from rollcall.journal.actions import new_key
from rollcall.journal.models import Deed
from rollcall.registers.models import Entry, Submission
from rollcall.registers.queries.checking import faults
from rollcall.rules.tables import UnreadableTable
from rollcall.schools import actions as schools
from rollcall.schools.queries import facts_of
from tests.cast import DAY, Cast, moment, upn
from tests.rooms.exchange.files import as_csv, as_workbook

HEAD = ["pupil", "date", "session", "code", "minutes_late"]
AT = moment(12, 0)


def planned(cast: Cast, content: bytes) -> MarkPlan:
    """What a file would do at Hamsey at noon."""
    grid = read_grid(content)
    file = read_marks(grid, guess(grid, "marks", 2023), Options(2023))
    return plan_marks(file, facts_of(cast.hamsey.pk), AT)


def bring(cast: Cast, content: bytes, **more) -> Intake | None:
    """Bring a file in at Hamsey at noon, as its head."""
    grid = read_grid(content)
    file = read_marks(grid, guess(grid, "marks", 2023), Options(2023))
    given = {"at": AT, "key": new_key(), "may_amend": True} | more
    return bring_in_marks(cast.hamsey, file, by=cast.actor("head"), filename="marks.csv", content=content, **given)


def row(cast: Cast, name: str, code: str, day: object = "2024-05-13", half: str = "AM", minutes: object = "") -> list:
    """A row of a long file."""
    return [cast.pupil(name).upn, day, half, code, minutes]


def problems(cast: Cast, *rows: list) -> list[str]:
    """The sentences about a long file with these rows."""
    return [str(one) for one in planned(cast, as_csv([HEAD, *rows])).bad]


def test_marks_come_in_by_one_deed_and_stand_in_the_register(cast: Cast) -> None:
    done = bring(cast, as_csv([HEAD, row(cast, "Aisha", "/"), row(cast, "Ben", "L", minutes=12)]))
    assert (done.added, done.changed, done.unchanged) == (2, 0, 0)
    assert [(e.code, e.minutes_late) for e in Entry.objects.order_by("number")] == [("/", None), ("L", 12)]
    deed = Deed.objects.get(kind="marks.brought_in")
    assert deed.name == "Harriet Head" and "marks.csv" in deed.reason
    assert list(faults(cast.hamsey)) == []


def test_the_same_file_twice_changes_nothing_and_leaves_no_deed(cast: Cast) -> None:
    content = as_csv([HEAD, row(cast, "Aisha", "/"), row(cast, "Ben", "L", minutes=12)])
    bring(cast, content)
    n = Deed.objects.count()
    assert bring(cast, content) is None
    assert (Deed.objects.count(), Entry.objects.count(), Intake.objects.count()) == (n, 2, 1)


def test_one_bad_cell_and_nothing_is_written(cast: Cast) -> None:
    with pytest.raises(NotBrought) as refusal:
        bring(cast, as_csv([HEAD, row(cast, "Aisha", "/"), row(cast, "Ben", "%")]))
    assert Entry.objects.count() == 0 and not Deed.objects.filter(kind="marks.brought_in").exists()
    assert [(one.row, one.column, one.value) for one in refusal.value.bad] == [(3, "code", "%")]


def test_a_fault_in_the_middle_leaves_nothing_behind(cast: Cast, monkeypatch) -> None:
    content = as_csv([HEAD, row(cast, "Aisha", "/"), row(cast, "Ben", "/")])

    def fail(*_: object) -> None:
        raise OSError("the disk is full")

    with monkeypatch.context() as broken, pytest.raises(OSError):
        broken.setattr(intake, "_noted", fail)
        bring(cast, content)
    assert not Entry.objects.exists() and not Submission.objects.exists()
    assert not Deed.objects.filter(kind="marks.brought_in").exists()
    assert bring(cast, content).added == 2 and list(faults(cast.hamsey)) == []


def test_every_bad_cell_is_named_with_its_row_its_column_and_a_sentence(cast: Cast) -> None:
    found = problems(
        cast,
        ["A123", "2024-05-13", "AM", "/", ""],
        row(cast, "Aisha", "/", day="31/02/2024"),
        row(cast, "Ben", "/", half="evening"),
        row(cast, "Chloe", "L", minutes="soon"),
    )
    assert [one.split(":")[0] for one in found] == [
        "Row 2, pupil",
        "Row 3, date",
        "Row 4, session",
        "Row 5, minutes_late",
    ]


@pytest.mark.parametrize(
    ("code", "day", "half", "words"),
    [
        ("/", "2024-05-06", "AM", "closed on Monday 6 May 2024 (Early May)"),
        ("/", "2024-05-12", "AM", "a weekend"),
        ("/", "2019-05-13", "AM", "Aisha Begum joins on 4 September 2023"),
        ("/", "2024-05-15", "AM", "still to come"),
        ("/", "2024-05-14", "PM", "still to come"),
        ("C1", "2024-05-13", "AM", "is one of the 2024 codes"),
        ("\\", "2024-05-13", "AM", "in the morning use"),
        ("T", "2024-05-13", "AM", "travelling"),
        ("#", "2024-05-13", "AM", "planned"),
    ],
)
@pytest.mark.policy("A6-c")
def test_what_cant_be_true_is_a_clear_sentence(cast: Cast, code: str, day: str, half: str, words: str) -> None:
    bad = [
        str(one)
        for one in planned(cast, as_csv([HEAD, row(cast, "Aisha", code, day, half), row(cast, "Ben", "/")])).bad
    ]
    assert len(bad) == 1 and bad[0].startswith("Row 2, ") and words in bad[0], bad


def test_a_day_outside_every_year_of_the_school_is_named(cast: Cast) -> None:
    cast.enrolments["Aisha"].admitted = date(2020, 9, 1)
    cast.enrolments["Aisha"].save()
    assert "is in no school year of Hamsey" in problems(cast, row(cast, "Aisha", "/", "2021-05-13"))[0]


def test_a_pupil_who_has_left_or_is_unknown_is_named(cast: Cast) -> None:
    schools.record_leaver(cast.enrolments["Ben"], last_day=date(2024, 5, 10), by=cast.by, at=AT, reason="moved")
    found = problems(cast, row(cast, "Ben", "/"), row(cast, "Jade", "/"))
    assert "Ben Carter left on 10 May 2024" in found[0]
    assert "No pupil with the UPN" in found[1]


def test_every_fault_of_a_row_is_named_at_once(cast: Cast) -> None:
    found = problems(
        cast,
        row(cast, "Aisha", "%", day="2024-05-06"),
        [upn(99), "2024-05-06", "AM", "C1", ""],
        row(cast, "Ben", "L", day="2024-05-11", half="evening", minutes="soon"),
        row(cast, "Ben", "/", minutes=5, day="2024-05-06"),
        [upn(99), "soon", "AM", "/", "5"],
    )
    told = [(one.split(":")[0], one) for one in found]
    assert [start for start, _ in told] == [
        "Row 2, code", "Row 3, pupil", "Row 3, code", "Row 4, session", "Row 4, minutes_late", "Row 4, code",
        "Row 5, code", "Row 6, date", "Row 6, pupil", "Row 6, code",
    ]  # fmt: skip
    wanted = [("'%' is not", "Early May"), ("No pupil",), ("Early May", "one of the 2024 codes"), (), (), ("weekend",),
              ("Early May", "Minutes late go with"), (), ("No pupil",), ("Minutes late go with",)]  # fmt: skip
    assert [[w for w in words if w not in one] for (_, one), words in zip(told, wanted, strict=True)] == [[]] * 10


def test_nothing_is_said_that_hangs_on_a_cell_that_could_not_be_read(cast: Cast) -> None:
    rows = [
        row(cast, "Ben", "/", half="evening"),
        row(cast, "Ben", "C1", day="soon"),
        row(cast, "Ben", "#", day="2024-05-06", minutes="soon"),
        row(cast, "Ben", "", minutes="soon"),
    ]
    columns = ["session", "date", "minutes_late", "minutes_late"]
    assert [one.split(":")[0] for one in problems(cast, *rows)] == [
        f"Row {n}, {column}" for n, column in enumerate(columns, 2)
    ]


def test_a_bad_cell_of_a_wide_row_hides_none_of_the_others(cast: Cast) -> None:
    head = ["UPN", "06/05/2024 AM", "13/05/2024 AM", "13/05/2024 PM", "14/05/2024 PM"]
    content = as_csv([head, [cast.pupil("Ben").upn, "/", "%", "\\", "I"], ["A123", "", "C1", "\\", "I"]])
    found = [(one.row, one.column) for one in planned(cast, content).bad]
    assert found == [(2, head[2]), (2, head[1]), (2, head[4]), (3, "UPN"), (3, head[2]), (3, head[4])]


def test_two_marks_for_one_session_are_named_by_both_rows(cast: Cast) -> None:
    found = problems(cast, row(cast, "Ben", "/"), row(cast, "Ben", "I"))
    assert len(found) == 1 and found[0].startswith("Row 3") and "row 2 has /" in found[0]


def test_a_session_without_a_mark_in_the_file_clears_nothing(cast: Cast) -> None:
    bring(cast, as_csv([HEAD, row(cast, "Ben", "I")]))
    plan = planned(cast, as_csv([HEAD, row(cast, "Ben", "-"), row(cast, "Aisha", "#", "2024-05-06")]))
    assert (plan.entries, plan.bad) == ([], []) and sum(plan.passed.values()) == 2


@pytest.mark.policy("4.1-c")
def test_a_mark_that_stands_is_changed_only_by_who_may_and_with_a_reason(cast: Cast) -> None:
    bring(cast, as_csv([HEAD, row(cast, "Ben", "N")]))
    other = as_csv([HEAD, row(cast, "Ben", "I")])
    with pytest.raises(NotBrought, match="may amend"):
        bring(cast, other, may_amend=False, reason="from the old system")
    with pytest.raises(NotBrought, match="Say why"):
        bring(cast, other)
    done = bring(cast, other, reason="from the old system")
    assert (done.added, done.changed) == (0, 1)
    assert Entry.objects.count() == 2 and Deed.objects.latest("id").reason.startswith("from the old system")


def test_who_looked_at_another_plan_looks_again(cast: Cast) -> None:
    content = as_csv([HEAD, row(cast, "Ben", "/")])
    seen = planned(cast, content).digest
    bring(cast, as_csv([HEAD, row(cast, "Ben", "I")]))
    with pytest.raises(Moved):
        bring(cast, content, seen=seen, reason="from the old system")


def test_a_register_with_a_mark_for_everybody_is_in(cast: Cast) -> None:
    names = ["Gus", "Hana", "Ivo"]
    bring(cast, as_csv([HEAD, *(row(cast, name, "/") for name in names), row(cast, "Aisha", "/")]))
    assert [(s.school_class.name, s.day, s.half) for s in Submission.objects.all()] == [
        ("Wrens", date(2024, 5, 13), "AM")
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_any_encoding_and_line_ending_reads_the_same(cast: Cast, encoding: str, ending: str) -> None:
    pupil = cast.pupil("Ben")
    pupil.known_first = "Zoë"
    pupil.save()
    rows = [["Name", "Date", "Session", "Mark"], ["Carter, Zoë", "13/05/2024", "AM", "I"]]
    plan = planned(cast, as_csv(rows, encoding, ending))
    assert [(e.code, e.day) for e in plan.entries] == [("I", date(2024, 5, 13))] and plan.bad == []


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"\n\n  \n", "empty"),
        (b"%PDF-1.7 xx", "PDF"),
        (b"PK\x03\x04rubbish", "damaged"),
        (b"\x00\x01\x02\x03", "not text"),
        (b"\xd0\xcf\x11\xe0old", "old kind"),
        (b'pupil,date,session,code\nA,"2024-05-13,AM,/\n', "quotation mark"),
        (b"name,age\nBen,4\n", "No column"),
        (b"pupil,date\nX,2024-05-13\n", "No column is chosen"),
    ],
)
def test_a_file_that_is_no_table_of_marks_is_one_sentence(cast: Cast, content: bytes, words: str) -> None:
    with pytest.raises(UnreadableTable, match=words):
        planned(cast, content)


def test_a_half_written_file_names_the_row_where_it_ends(cast: Cast) -> None:
    whole = as_csv([HEAD, row(cast, "Ben", "/"), row(cast, "Aisha", "/")])
    bad = planned(cast, whole[:-20]).bad
    assert bad and {one.row for one in bad} == {3}


def test_a_doubled_file_is_refused_at_its_second_heading(cast: Cast) -> None:
    whole = as_csv([HEAD, row(cast, "Ben", "/")])
    assert {one.row for one in planned(cast, whole + whole).bad} >= {3}


def layouts(cast: Cast) -> dict[str, bytes]:
    """Five unlike ways to write the same four marks."""
    aisha, ben = cast.pupil("Aisha"), cast.pupil("Ben")
    day = date(2024, 5, 13)
    return {
        "long, titles above, names, British days, words for sessions": as_csv(
            [
                ["Hamsey Primary School"],
                ["Attendance marks", "13/05/2024"],
                [],
                ["Student", "Reg Group", "Mark Date", "Session Name", "Mark", "Comments"],
                ["Begum, Aisha", "Kestrels", "13/05/2024", "Morning", "/", ""],
                ["Begum, Aisha", "Kestrels", "13/05/2024", "Afternoon", "\\", ""],
                ["Carter, Ben", "Kestrels", "13/05/2024", "Morning", "I", "rang, quoted"],
                ["Carter, Ben", "Kestrels", "13/05/2024", "Afternoon", "I", ""],
            ],
            "cp1252",
        ),
        "wide, a column a session": as_csv(
            [
                ["UPN", "Surname", "Forename", "Mon 13/05/2024 AM", "Mon 13/05/2024 PM", "Tue 14/05/2024 PM"],
                [aisha.upn, "Begum", "Aisha", "/", "\\", ""],
                [ben.upn, "Carter", "Ben", "I", "I", ""],
            ]
        ),
        "wide, days over sessions": as_workbook(
            [
                ["Weekly register"],
                [None, None, day, None, date(2024, 5, 14), None],
                ["Name", "Class", "AM", "PM", "AM", "PM"],
                ["Aisha Begum", "Kestrels", "/", "\\", None, None],
                ["Ben Carter", "Kestrels", "I", "I", None, None],
            ]
        ),
        "wide, a day's two marks in a cell, days without a year": as_csv(
            [
                ["Unique Pupil Number", "10 May", "13 May"],
                [aisha.upn, "", "/\\"],
                [ben.upn, "", "I I"],
            ],
            ending="\n",
        ),
        "long, a workbook with real days, numbered sessions, / all day": as_workbook(
            [
                ["Forename", "Surname", "DOB", "Session Date", "Session", "Attendance Code", "Mins late"],
                ["Aisha", "Begum", aisha.born, day, 1, "/", None],
                ["Aisha", "Begum", aisha.born, day, 2, "/", None],
                ["Ben", "Carter", ben.born, day, 1, "I", None],
                ["Ben", "Carter", ben.born, day, 2, "I", None],
            ]
        ),
        "long, no heading that we know, months first, semicolons": (
            "wer;tag;teil;zeichen\n"
            f"{aisha.upn};05/13/2024;AM;/\n{aisha.upn};05/13/2024;PM;\\\n"
            f"{ben.upn};05/13/2024;AM;I\n{ben.upn};05/13/2024;PM;I\n"
        ).encode(),
    }


@pytest.mark.parametrize("which", range(6))
@pytest.mark.policy("A6-c")
def test_unlike_layouts_give_the_same_marks(cast: Cast, which: int) -> None:
    content = list(layouts(cast).values())[which]
    plan = planned(cast, content)
    told = {(plan.names[e.enrolment], e.half, e.code) for e in plan.entries}
    assert plan.bad == []
    assert told == {
        ("Aisha Begum", "AM", "/"), ("Aisha Begum", "PM", "\\"), ("Ben Carter", "AM", "I"), ("Ben Carter", "PM", "I"),
    }  # fmt: skip
    assert {e.day for e in plan.entries} == {DAY.replace(day=13)}
