"""Holds, part-time patterns and exclusions in a file of pupils: as the pages set them, all or nothing, once."""

from datetime import date

import pytest

from rollcall.exchange.actions import NotBrought
from rollcall.exchange.actions import intake as intake_module
from rollcall.exchange.fields import NEEDED, SENSITIVE
from rollcall.exchange.queries.trouble import as_csv as told_as_csv
from rollcall.exchange.values import away_of
from rollcall.journal.models import Change, Deed
from rollcall.schools import actions as schools
from rollcall.schools.models import Exclusion, Hold, PartTimePattern, Pupil
from tests.cast import Cast, upn
from tests.rooms.exchange.files import as_csv
from tests.rooms.exchange.test_pupils_in import AT, EMMA, HEAD, bring, exported, planned

HOLD = ["Hold: why", "Hold from", "Hold until", "Hold note"]
PART = ["Part-time: sessions not attended", "Part-time from", "Part-time until"]
EXCLUSION = ["Exclusion: kind", "Exclusion from", "Exclusion until", "Alternative provision from"]
ALL = ["UPN", *HOLD, *PART, *EXCLUSION]
FULL = ["Bereavement", "2024-05-01", "2024-05-31", "a grandmother", "Wed PM and Friday", "2024-04-15", "2024-07-23",
        "Suspension", "2024-05-08", "2024-05-10", ""]  # fmt: skip


def ben(cast: Cast, **cells: str) -> list[str]:
    """A row about Ben with all three, some cells otherwise, by their headings' first letters."""
    row = [cast.pupil("Ben").upn, *FULL]
    for place, text in cells.items():
        row[ALL.index(next(one for one in ALL if one.casefold().replace(" ", "_").startswith(place)))] = text
    return row


def faults(cast: Cast, *rows: list[str]) -> list[tuple[int, str, str, str]]:
    """What is wrong with a file of these rows: row, column, value, problem."""
    return [(one.row, one.column, one.value, one.problem) for one in planned(cast, as_csv([ALL, *rows])).bad]


def test_all_three_come_in_by_one_deed_and_are_in_the_journal(cast: Cast) -> None:
    content = as_csv([ALL, ben(cast)])
    plan = planned(cast, content)
    assert [(one.name, one.what, one.was, one.becomes) for one in plan.changes] == [
        ("Ben Carter", "hold", "", "Bereavement from 1 May 2024 to 31 May 2024"),
        ("Ben Carter", "part-time pattern", "", "WedPM Fri not attended from 15 April 2024 to 23 July 2024"),
        ("Ben Carter", "exclusion", "", "Suspended from 8 May 2024 to 10 May 2024"),
    ]
    done = bring(cast, content)
    assert (done.added, done.changed, done.unchanged) == (0, 1, 0)
    hold, part, out = Hold.objects.get(), PartTimePattern.objects.get(), Exclusion.objects.get()
    assert (hold.pupil, hold.kind, hold.begins, hold.ends, hold.note) == (
        cast.pupil("Ben"), "bereavement", date(2024, 5, 1), date(2024, 5, 31), "a grandmother",
    )  # fmt: skip
    assert (part.enrolment, part.away, part.ends) == (cast.enrolments["Ben"], "WedPM Fri", date(2024, 7, 23))
    assert (out.enrolment, out.permanent, out.ends) == (cast.enrolments["Ben"], False, date(2024, 5, 10))
    deed = Deed.objects.get(kind="pupils.brought_in")
    assert {hold.deed, part.deed, out.deed} == {deed}
    assert set(Change.objects.filter(deed=deed, thing_id=hold.pupil_id).values_list("field", flat=True)) == {
        "hold", "part-time", "exclusion",
    }  # fmt: skip


def test_the_same_file_twice_changes_nothing(cast: Cast) -> None:
    content = as_csv([ALL, ben(cast)])
    bring(cast, content)
    n = Deed.objects.count()
    assert bring(cast, content) is None and Deed.objects.count() == n
    assert (Hold.objects.count(), PartTimePattern.objects.count(), Exclusion.objects.count()) == (1, 1, 1)


def test_what_the_pages_have_set_is_known_again(cast: Cast) -> None:
    schools.hold(cast.pupil("Ben"), "bereavement", begins=date(2024, 5, 1), ends=date(2024, 5, 31),
                 note="a grandmother", by=cast.by, at=AT)  # fmt: skip
    schools.set_part_time(
        cast.enrolments["Ben"], "WedPM Fri", begins=date(2024, 4, 15), ends=date(2024, 7, 23), by=cast.by, at=AT
    )
    schools.record_exclusion(cast.enrolments["Ben"], begins=date(2024, 5, 8), ends=date(2024, 5, 10), permanent=False,
                             provision_from=None, by=cast.by, at=AT)  # fmt: skip
    plan = planned(cast, as_csv([ALL, ben(cast)]))
    assert (plan.brings, plan.bad, plan.unchanged) == ([], [], 1)


def test_another_last_day_ends_a_hold_and_a_pattern_as_the_pages_do(cast: Cast) -> None:
    bring(cast, as_csv([ALL, ben(cast, hold_until="")]))
    assert Hold.objects.get().ends is None
    content = as_csv([ALL, ben(cast, hold_until="2024-05-20", **{"part-time_until": "2024-05-24"})])
    assert [(one.what, one.was, one.becomes) for one in planned(cast, content).changes] == [
        ("hold: last day", "", "20 May 2024"),
        ("part-time pattern: last day", "23 July 2024", "24 May 2024"),
    ]
    bring(cast, content)
    assert (Hold.objects.get().ends, PartTimePattern.objects.get().ends) == (date(2024, 5, 20), date(2024, 5, 24))
    told = Change.objects.filter(field__in=["hold until", "part-time until"]).values_list("before", "after")
    assert set(told) == {("", "2024-05-20"), ("2024-07-23", "2024-05-24")}
    assert bring(cast, content) is None


def test_a_blank_cell_ends_and_clears_nothing(cast: Cast) -> None:
    bring(cast, as_csv([ALL, ben(cast)]))
    assert planned(cast, as_csv([ALL, ben(cast, hold_until="", hold_note="")])).brings == []


def test_what_was_recorded_of_an_exclusion_stays(cast: Cast) -> None:
    bring(cast, as_csv([ALL, ben(cast)]))
    found = faults(cast, ben(cast, exclusion_until="2024-05-09", alternative="2024-05-09"))
    assert [(column, value) for _, column, value, _ in found] == [
        ("Exclusion until", "2024-05-09"), ("Alternative provision from", "2024-05-09"),
    ]  # fmt: skip
    assert "has 10 May 2024 here" in found[0][3] and "has no day here" in found[1][3]


def test_a_pupil_may_have_two_of_a_kind_in_two_rows(cast: Cast) -> None:
    second = ben(cast, exclusion_from="2024-04-16", exclusion_until="2024-04-17")
    content = as_csv([ALL, ben(cast), second])
    assert bring(cast, content).changed == 1
    assert (Hold.objects.count(), PartTimePattern.objects.count(), Exclusion.objects.count()) == (1, 1, 2)
    assert bring(cast, content) is None


def test_a_pupil_who_is_new_has_them_from_the_first_day(cast: Cast) -> None:
    content = as_csv([[*HEAD, *PART, *HOLD], [*EMMA, "Mon", "13/05/2024", "24/05/2024", "other", "13/05/2024", "", ""]])
    assert [(one.name, one.what) for one in planned(cast, content).changes] == [
        ("Emma Moss", "hold"), ("Emma Moss", "part-time pattern"),
    ]  # fmt: skip
    assert bring(cast, content).added == 1
    emma = Pupil.objects.get(upn=upn(50))
    assert emma.holds.get().kind == "other" and emma.enrolments.get().part_time.get().away == "Mon"
    assert bring(cast, content) is None


@pytest.mark.parametrize(
    ("cells", "column", "words"),
    [
        ({"hold:": "sad"}, "Hold: why", "write bereavement, illness or other"),
        ({"hold:": ""}, "Hold: why", "A hold needs a kind"),
        ({"hold_from": ""}, "Hold from", "A hold needs a first day"),
        ({"hold_from": "2024-02-31"}, "Hold from", "calendar"),
        ({"hold_until": "2024-04-30"}, "Hold until", "can't lie before the first, 1 May 2024"),
        ({"hold_note": "x" * 201}, "Hold note", "at most 200"),
        ({"part-time:": "Saturday"}, PART[0], "not sessions of a school week"),
        ({"part-time:": "some"}, PART[0], "not sessions of a school week"),
        ({"part-time:": ""}, PART[0], "needs the sessions"),
        ({"part-time_from": ""}, "Part-time from", "needs a first day"),
        ({"part-time_from": "2023-09-01"}, "Part-time from", "Joins on 4 September 2023"),
        ({"part-time_until": ""}, "Part-time until", "needs a last day"),
        ({"part-time_until": "2024-04-01"}, "Part-time until", "can't lie before"),
        ({"exclusion:": "lunch"}, "Exclusion: kind", "write suspension or permanent"),
        ({"exclusion:": ""}, "Exclusion: kind", "needs a kind"),
        ({"exclusion:": "permanent"}, "Exclusion until", "has no last day"),
        ({"exclusion_from": ""}, "Exclusion from", "needs a first day"),
        ({"exclusion_from": "2023-09-01"}, "Exclusion from", "Joins on 4 September 2023"),
        ({"exclusion_until": ""}, "Exclusion until", "A suspension has a last day"),
        ({"alternative": "2024-05-01"}, "Alternative provision from", "can't begin before"),
    ],
)
def test_each_bad_cell_is_named_and_nothing_is_written(
    cast: Cast, cells: dict[str, str], column: str, words: str
) -> None:
    row = ben(cast, **cells)
    found = faults(cast, row)
    assert [(one[0], one[1]) for one in found] == [(2, column)] and words in found[0][3]
    aisha = [cast.pupil("Aisha").upn, *FULL]
    with pytest.raises(NotBrought) as refusal:
        bring(cast, as_csv([ALL, aisha, row]))
    assert [(one.row, one.column) for one in refusal.value.bad] == [(3, column)]
    assert not (Hold.objects.exists() or PartTimePattern.objects.exists() or Exclusion.objects.exists())


def test_every_fault_of_every_span_is_named_at_once(cast: Cast) -> None:
    row = ben(cast, **{"hold:": "sad", "hold_until": "soon", "part-time_from": "", "part-time_until": "",
                       "exclusion_until": "", "alternative": "2024-05-01"})  # fmt: skip
    columns = [column for _, column, _, _ in faults(cast, row)]
    assert sorted(columns) == sorted(
        [
            "Hold: why",
            "Hold until",
            "Part-time from",
            "Part-time until",
            "Exclusion until",
            "Alternative provision from",
        ]
    )


def test_two_patterns_never_hold_on_one_day(cast: Cast) -> None:
    bring(cast, as_csv([ALL, ben(cast)]))
    over = ben(cast, **{"part-time:": "Mon", "part-time_from": "2024-07-01"})
    assert "Another pattern (WedPM Fri) holds from 15 April to 23 July 2024" in faults(cast, over)[0][3]
    later = ben(cast, **{"part-time:": "Mon", "part-time_from": "2024-09-02", "part-time_until": "2024-10-18"})
    both = ben(cast, **{"part-time:": "Tue", "part-time_from": "2024-10-01", "part-time_until": "2024-10-02"})
    assert [one[0] for one in faults(cast, later, both)] == [3]
    longer = ben(cast, **{"part-time_until": "2024-09-02"})
    assert [one[:2] for one in faults(cast, later, longer)] == [(3, "Part-time from")]


def test_two_rows_that_say_otherwise_of_one_span_are_named(cast: Cast) -> None:
    found = faults(cast, ben(cast), ben(cast, hold_until="2024-05-30"))
    assert [one[:3] for one in found] == [(3, "Hold until", "2024-05-30")]
    assert "Row 2 says something else of the same hold" in found[0][3]
    bring(cast, as_csv([ALL, ben(cast)]))
    assert [one[:3] for one in faults(cast, ben(cast), ben(cast, hold_until="2024-05-30"))] == [
        (3, "Hold until", "2024-05-30")
    ]


def test_after_the_last_day_on_roll_nothing_begins(cast: Cast) -> None:
    schools.record_leaver(cast.enrolments["Ben"], last_day=date(2024, 4, 19), by=cast.by, at=AT, reason="moved")
    assert [(one[1], "Left on 19 April 2024" in one[3]) for one in faults(cast, ben(cast))] == [
        ("Exclusion from", True)
    ]


@pytest.mark.policy("3.6-a")
def test_they_come_in_only_through_who_may_change_a_pupils_details(cast: Cast) -> None:
    content = as_csv([[*ALL, "SEN"], [*ben(cast), "K"]])
    plan = planned(cast, content, rows=frozenset({SENSITIVE}))
    assert [one.what for one in plan.changes] == ["special educational needs"]
    assert set(ALL[1:]) <= set(plan.ignored)
    assert len(planned(cast, content, rows=NEEDED).changes) == 4


def test_a_fault_in_the_middle_leaves_nothing_behind(cast: Cast, monkeypatch) -> None:
    def fail(*_: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(intake_module, "_noted", fail)
    with pytest.raises(OSError):
        bring(cast, as_csv([ALL, ben(cast)]))
    assert not (Hold.objects.exists() or PartTimePattern.objects.exists() or Exclusion.objects.exists())


def test_spans_cost_a_query_a_kind_however_many_there_are(cast: Cast, django_assert_max_num_queries) -> None:
    rows = [[cast.pupil(name).upn, *FULL] for name in ("Aisha", "Ben", "Chloe", "Dev", "Esme", "Finn")]
    with django_assert_max_num_queries(13):
        assert len(planned(cast, as_csv([ALL, *rows])).brings) == 6


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("WedPM Fri", "WedPM Fri"),
        ("Friday, Wednesday afternoon", "WedPM Fri"),
        ("wed pm; fri am; fri pm", "WedPM Fri"),
        ("Tuesdays & Thursdays", "Tue Thu"),
        ("Mon am and Thurs mornings", "MonAM ThuAM"),
    ],
)
def test_sessions_of_a_week_are_read_as_people_write_them(text: str, kept: str) -> None:
    assert away_of(text) == kept


def test_the_list_of_bad_cells_names_them_too(cast: Cast) -> None:
    bad = planned(cast, as_csv([ALL, ben(cast, hold_until="2024-04-30")])).bad
    assert told_as_csv(bad).splitlines()[1].startswith("2,Hold until,2024-04-30,")


def test_our_own_export_comes_back_in_unchanged_with_every_span(cast: Cast) -> None:
    rows = [ben(cast), ben(cast, exclusion_from="2024-04-16", exclusion_until="2024-04-17")]
    rows.append(ben(cast, hold_from="2024-01-01", hold_until="", hold_note="=1+1"))
    rows.append([cast.pupil("Aisha").upn, *[""] * 7, "permanent", "2024-05-08", "", "2024-05-13"])
    bring(cast, as_csv([ALL, *rows]))
    content = exported(cast)
    assert content.count(cast.pupil("Ben").upn.encode()) == 2
    plan = planned(cast, content)
    assert (plan.bad, plan.brings, plan.ignored, plan.unchanged) == ([], [], (), 9)
    for model in (Hold, PartTimePattern, Exclusion):
        model.objects.all().delete()
    assert bring(cast, content).changed == 2 and exported(cast) == content
    assert (Hold.objects.count(), PartTimePattern.objects.count(), Exclusion.objects.count()) == (2, 1, 3)
