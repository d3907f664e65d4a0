"""The ledger's own guard: the database refuses, `check` sees, retention is the one door out."""

from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import DatabaseError, connection, transaction

from rollcall.journal.models import Deed
from rollcall.registers import actions, triggers
from rollcall.registers.actions import NewMark
from rollcall.registers.models import Entry, RetentionPermit, Seal, SheetRow, Submission
from tests.cast import DAY, Cast, moment


def fill(cast: Cast) -> None:
    marks = [NewMark(cast.enrolments[n].pk, "/") for n in ("Aisha", "Ben", "Chloe", "Dev", "Esme", "Finn")]
    actions.record_marks(cast.kestrels, DAY, "AM", marks, by=cast.actor("teacher"), at=cast.at, key="one")
    actions.submit_register(cast.kestrels, DAY, "AM", by=cast.actor("teacher"), at=cast.at, key="in")


@pytest.mark.policy("4.1-c")
@pytest.mark.parametrize("table", triggers.TABLES)
@pytest.mark.parametrize("statement", ["UPDATE {} SET half = 'PM'", "DELETE FROM {}"])
def test_the_database_itself_refuses_to_change_or_remove(cast: Cast, table: str, statement: str) -> None:
    fill(cast)
    with pytest.raises(DatabaseError, match="ledger"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(table))
    assert Entry.objects.filter(half="AM").count() == 6
    assert Submission.objects.filter(half="AM").count() == 1


def test_replacing_or_truncating_is_refused_too(cast: Cast) -> None:
    fill(cast)
    sql = (
        "INSERT OR REPLACE INTO registers_entry SELECT id, number, day, 'PM', code, minutes_late, ground, deed_id, "
        "enrolment_id, school_id FROM registers_entry"
        if connection.vendor == "sqlite"
        else "TRUNCATE registers_entry CASCADE"
    )
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    assert Entry.objects.filter(half="AM").count() == 6


def test_check_is_content_with_a_sound_ledger(cast: Cast, capsys) -> None:
    fill(cast)
    call_command("seal")
    call_command("check")
    assert "Hamsey Primary School: all agrees" in capsys.readouterr().out


def test_check_sees_a_sheet_that_was_tampered_with(cast: Cast) -> None:
    fill(cast)
    row = SheetRow.objects.first()
    SheetRow.objects.filter(pk=row.pk).update(marks=bytes(row.marks).replace(b"/", b"N"))
    with pytest.raises(CommandError, match="not what its entries say"):
        call_command("check")
    actions.rebuild(cast.hamsey.pk)
    call_command("check")


def test_check_sees_a_trigger_that_a_table_rebuild_dropped(cast: Cast) -> None:
    with connection.cursor() as cursor:
        on = "" if connection.vendor == "sqlite" else " ON registers_entry"
        cursor.execute(f"DROP TRIGGER registers_entry_no_delete{on}")
    with pytest.raises(CommandError, match="registers_entry_no_delete is missing"):
        call_command("check")
    call_command("guard")
    call_command("check")


def test_check_sees_an_entry_altered_past_the_triggers(cast: Cast) -> None:
    fill(cast)
    call_command("seal")
    triggers.drop(connection)
    Entry.objects.filter(enrolment=cast.enrolments["Ben"]).update(code="N")
    triggers.create(connection)
    actions.rebuild(cast.hamsey.pk)
    with pytest.raises(CommandError, match="not as they were sealed"):
        call_command("check")


@pytest.mark.policy("4.1-e")
def test_retention_removes_nothing_early_and_whole_sessions_past_their_date(cast: Cast) -> None:
    fill(cast)
    call_command("seal")
    by = cast.actor("exec")
    six_years = moment(12, 0, date(2030, 5, 14))
    assert actions.retain(cast.hamsey.pk, by=by, at=six_years) == 0
    assert actions.retain(cast.hamsey.pk, by=by, at=six_years + timedelta(days=1)) == 6
    assert not Entry.objects.exists()
    assert not RetentionPermit.objects.exists()
    assert "6 entries" in Deed.objects.get(kind="ledger.retained").reason
    assert Seal.objects.get().thinned is not None
    call_command("check")


@pytest.mark.policy("4.1-e")
def test_an_entry_made_in_a_summer_night_is_kept_to_the_end_of_its_own_day(cast: Cast) -> None:
    night = moment(0, 30, date(2024, 5, 15))
    marks = [NewMark(cast.enrolments["Aisha"].pk, "I")]
    by = cast.actor("secretary")
    actions.amend_marks(cast.kestrels, DAY, "AM", marks, by=by, at=night, key="night", reason="Typed in late")
    assert actions.retain(cast.hamsey.pk, by=by, at=moment(12, 0, date(2030, 5, 15))) == 0
    assert actions.retain(cast.hamsey.pk, by=by, at=moment(0, 1, date(2030, 5, 16))) == 1


@pytest.mark.policy("4.1-e")
def test_an_original_stays_as_long_as_its_amendment_and_while_a_case_is_open(cast: Cast) -> None:
    fill(cast)
    aisha, ben = cast.enrolments["Aisha"].pk, cast.enrolments["Ben"].pk
    later = moment(12, 0, date(2024, 7, 1))
    actions.amend_marks(
        cast.kestrels,
        DAY,
        "AM",
        [NewMark(aisha, "I")],
        by=cast.actor("secretary"),
        at=later,
        key="two",
        reason="A letter came",
    )
    at = moment(12, 0, date(2030, 6, 1))
    assert actions.retain(cast.hamsey.pk, by=cast.actor("exec"), at=at, held={ben}) == 4
    assert Entry.objects.filter(enrolment=aisha).count() == 2
    assert Entry.objects.filter(enrolment=ben).count() == 1
