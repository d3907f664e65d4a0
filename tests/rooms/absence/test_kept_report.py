"""The absentee report as it was: kept once a school and day by ledger number, sent to the head, shown years later."""

import threading
from collections.abc import Callable
from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from django.db import connection, transaction

from rollcall import worker
from rollcall.absence.actions import reporting
from rollcall.absence.actions.duties import DUTIES
from rollcall.absence.actions.report_retaining import retain_reports
from rollcall.absence.actions.reporting import keep_absentee_report, keep_and_send
from rollcall.absence.models import KeptReport
from rollcall.absence.queries.kept import kept_days, kept_report
from rollcall.absence.queries.report_sheet import late_words
from rollcall.absence.queries.report_values import from_kept
from rollcall.accounts.actions import end_grant
from rollcall.accounts.models import Grant
from rollcall.documents.letter import CannotSet
from rollcall.journal.actor import WORKER
from rollcall.outbox.actions import drain
from rollcall.outbox.models import Message
from rollcall.registers import actions as registers
from rollcall.registers.actions import NewMark
from rollcall.registers.models import Entry
from rollcall.rules.absentees import Where, where_of
from rollcall.rules.ledger import Entry as Told
from rollcall.rules.ledger import settle
from rollcall.schools import actions as schools
from rollcall.schools.models import LedgerCount, Pupil
from rollcall.schools.queries import facts_of
from rollcall.schools.queries.facts import facts_of_all
from tests.cast import DAY, Cast, moment
from tests.smtp import mail_server

AT = moment(9, 15)
KEPT = f"/day/hamsey/reports/{DAY}/"


def mark(cast: Cast, marks: dict[str, str], at=None, key: str = "") -> None:
    """Marks of the Kestrels, saved while their register is open."""
    new = [NewMark(cast.enrolments[name].pk, code) for name, code in marks.items()]
    by = cast.actor("head")
    registers.record_marks(
        cast.kestrels, DAY, "AM", new, by=by, at=at or cast.at, key=key or f"save-{sorted(marks.items())}"[:80]
    )


def report_is_due(at) -> None:
    """The duty at every school, as the worker does it."""
    for facts in facts_of_all().values():
        keep_and_send(facts, at)


def amend(cast: Cast, name: str, code: str) -> None:
    """A change after the report was kept."""
    new = [NewMark(cast.enrolments[name].pk, code)]
    registers.amend_marks(
        cast.kestrels, DAY, "AM", new, by=cast.actor("head"), at=moment(9, 40), key=f"amend-{name}", reason="They came"
    )


def said_by(kept: KeptReport) -> dict[str, str]:
    """The code that a kept report gives each pupil whom it names; `-` where it says UNKNOWN."""
    report = from_kept(kept.content)
    found = {one.name: one.code for one in report.away}
    for part in report.classes:
        found |= dict.fromkeys(part.unknown, "-")
        found |= {name: group.code for group in part.elsewhere for name in group.names}
    return found


def said_by_ledger(cast: Cast, number: int) -> dict[str, str]:
    """The codes of all who are not in, from the ledger read up to a number, by the slow way."""
    found = {}
    for enrolment in cast.enrolments.values():
        if enrolment.school_id != cast.hamsey.pk:
            continue
        rows = Entry.objects.filter(enrolment=enrolment, day=DAY, half="AM").select_related("deed")
        told = [Told(r.number, r.code, r.minutes_late, r.deed.at, r.deed.name, r.deed.position) for r in rows]
        code = settle(told, as_of=number).code
        if where_of(code) is not Where.HERE:
            found[str(enrolment.pupil)] = code
    return found


def test_it_is_among_the_duties_of_the_worker() -> None:
    assert keep_and_send in DUTIES


@pytest.mark.policy("A6-b")
def test_at_the_schools_own_time_it_is_kept_once_and_sent_to_the_head(cast: Cast) -> None:
    mark(cast, {"Aisha": "/", "Ben": "I", "Chloe": "N"})
    report_is_due(moment(9, 14))
    assert not KeptReport.objects.exists()
    for second in range(3):
        report_is_due(AT + timedelta(seconds=second))
    kept = KeptReport.objects.get(school=cast.hamsey)
    assert kept.number == LedgerCount.objects.get(school=cast.hamsey).last
    assert said_by(kept) == said_by_ledger(cast, kept.number)
    mail = Message.objects.get(school=cast.hamsey.pk)
    assert (mail.to_name, mail.to_address, mail.ground) == ("Harriet Head", "head@example.org", "absence.report")
    assert bytes(mail.pdf).startswith(b"%PDF")


def test_no_childs_name_and_no_link_stands_outside_the_pdf(cast: Cast) -> None:
    mark(cast, {"Aisha": "/", "Ben": "I", "Chloe": "N"})
    report_is_due(AT)
    mail = Message.objects.get(school=cast.hamsey.pk)
    assert mail.subject == "Absentee report, Hamsey Primary School, Tuesday 14 May"
    for pupil in Pupil.objects.all():
        assert pupil.known_last not in mail.subject + mail.body
    assert "http" not in mail.body
    assert "- 1 unexplained\n" in mail.body
    assert "Registers not in: Kestrels and Wrens." in mail.body


def test_the_head_gets_it_by_mail(cast: Cast, settings) -> None:
    report_is_due(AT)
    with mail_server() as box:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", box.port
        assert len(drain(grounds=worker.grounds(), by=WORKER, at=moment(9, 16)).sent) == 2, "one for each school"
    mails = [message_from_bytes(raw, policy=policy.default) for raw in box.taken]
    mail = next(mail for mail in mails if "Hamsey" in mail["Subject"])
    assert [part.get_filename() for part in mail.iter_attachments()] == [f"absentees-hamsey-{DAY}.pdf"]


def test_it_is_not_sent_to_who_heads_the_school_no_more_nor_on_another_day(cast: Cast) -> None:
    report_is_due(AT)
    mail = Message.objects.get(school=cast.hamsey.pk)
    asked = worker.grounds()["absence.report"]
    assert asked(mail, moment(10, 0)).stands
    assert not asked(mail, moment(8, 0, DAY + timedelta(days=1))).stands
    held = Grant.objects.get(user=cast.users["head"])
    end_grant(held, last_day=DAY - timedelta(days=1), reason="Retired", by=cast.by, at=cast.at)
    assert asked(mail, moment(10, 0)).why == "Harriet Head does not head the school, or has another address now."


def test_a_name_that_cannot_be_printed_keeps_neither_report_nor_message(cast: Cast, monkeypatch) -> None:
    def cannot(*_: object, **__: object) -> bytes:
        raise CannotSet("The letter can't be set.")

    monkeypatch.setattr(reporting, "absentees_pdf", cannot)
    report_is_due(AT)
    assert KeptReport.objects.filter(school=cast.hamsey).exists()
    mail = Message.objects.get(school=cast.hamsey.pk)
    assert mail.pdf is None
    assert "could not be set" in mail.body


@pytest.mark.policy("A6-b")
def test_a_worker_that_was_down_keeps_it_late_and_says_so(signed_in, cast: Cast) -> None:
    mark(cast, {"Aisha": "/", "Chloe": "N"})
    amend(cast, "Chloe", "I")
    report_is_due(moment(13, 30))
    kept = KeptReport.objects.get(school=cast.hamsey)
    report = from_kept(kept.content)
    assert (report.half, report.at, report.is_late) == ("AM", moment(13, 30), True)
    assert said_by(kept)["Chloe Dunn"] == "I", "what the ledger said then, not what it had said at 9.15"
    page = signed_in("head").get(KEPT).content.decode()
    assert "Kept at 1.30pm instead of 9.15am" in page
    assert "Kept at 1.30pm instead of 9.15am" in Message.objects.get(school=cast.hamsey.pk).body


@pytest.mark.policy("A6-b")
@pytest.mark.policy("4.1-e")
def test_it_is_shown_next_year_as_it_was_whatever_has_changed_since(signed_in, cast: Cast, clock) -> None:
    mark(cast, {"Aisha": "/", "Ben": "I", "Chloe": "N"})
    report_is_due(AT)
    kept = KeptReport.objects.get(school=cast.hamsey)
    amend(cast, "Chloe", "/")
    Pupil.objects.filter(pk=cast.pupil("Chloe").pk).update(known_last="Otherwise")
    schools.move_class(
        cast.enrolments["Ben"], cast.classes["Wrens"], begins=DAY + timedelta(days=1), year_group=4,
        by=cast.by, at=moment(10, 0),
    )  # fmt: skip
    client = signed_in("head")
    clock(moment(10, 0, DAY + timedelta(days=365)))
    page = client.get(KEPT).content.decode()
    assert "Chloe Dunn" in page
    assert "Otherwise" not in page
    assert f"up to entry {kept.number}" in page
    assert sorted(said_by(kept).values()) == sorted(said_by_ledger(cast, kept.number).values())
    pdf = client.get(f"{KEPT}report.pdf")
    assert pdf.content.startswith(b"%PDF")
    assert pdf.content == bytes(Message.objects.get(school=cast.hamsey.pk).pdf), "the one that was sent"


def test_the_page_says_whether_it_will_be_was_or_should_have_been_kept(signed_in, cast: Cast, clock) -> None:
    client = signed_in("head")

    def said(at) -> str:
        clock(at)
        return client.get("/day/hamsey/report/").content.decode()

    assert "Will be kept at 9.15am" in said(moment(9, 14))
    assert "Not kept at 9.15am: is the worker running?" in said(moment(9, 16))
    report_is_due(moment(9, 17))
    assert "As it was at 9.17am" in said(moment(9, 18))


def test_a_day_on_which_none_was_kept_says_so(signed_in, cast: Cast, clock) -> None:
    report_is_due(AT)
    facts = facts_of(cast.hamsey.pk)
    thursday = moment(9, 15, DAY + timedelta(days=2))
    keep_and_send(facts, thursday)
    lines = kept_days(facts, thursday)
    assert [(line.day, line.at is None) for line in lines] == [
        (DAY + timedelta(days=2), False),
        (DAY + timedelta(days=1), True),
        (DAY, False),
    ]
    client = signed_in("head")
    clock(thursday)
    assert "None was kept" in client.get("/day/hamsey/reports/").content.decode()
    assert client.get(f"/day/hamsey/reports/{DAY + timedelta(days=1)}/").status_code == 404


def test_none_is_kept_on_a_closed_day(cast: Cast) -> None:
    schools.close_sessions(
        cast.hamsey, first=DAY, last=DAY, kind="unplanned", ground="Snow", by=cast.by, at=moment(8, 0)
    )
    report_is_due(AT)
    assert [kept.school for kept in KeptReport.objects.all()] == [cast.barcombe]


def test_a_closure_that_is_lifted_at_twenty_past_lets_it_be_kept_then(cast: Cast) -> None:
    snow = schools.close_sessions(
        cast.hamsey, first=DAY, last=DAY, kind="unplanned", ground="Snow", by=cast.by, at=moment(9, 5)
    )
    report_is_due(AT)
    assert kept_report(cast.hamsey.pk, DAY) is None
    schools.lift_closure(snow, by=cast.by, at=moment(9, 20), reason="The road is clear")
    report_is_due(moment(9, 20))
    report = kept_report(cast.hamsey.pk, DAY)
    assert (report.at, report.n_unknown) == (moment(9, 20), 9)
    assert late_words(report).startswith("Kept at 9.20am instead of 9.15am: ")


def test_each_school_has_its_own_and_strangers_see_neither(signed_in, cast: Cast) -> None:
    report_is_due(AT)
    assert signed_in("head").get(KEPT).status_code == 200
    assert signed_in("stranger").get(KEPT).status_code == 404
    assert kept_report(cast.barcombe.pk, DAY).school == "Barcombe Primary School"


@pytest.mark.parametrize("day", ["2024-03-28", "2024-04-15", "2023-10-20", "2023-10-30"])
def test_it_is_at_nine_fifteen_by_the_clock_on_the_wall_on_both_sides_of_a_change_of_the_hour(day, cast: Cast) -> None:
    """British Summer Time ended on 29 October 2023 and began on 31 March 2024."""
    on = type(DAY).fromisoformat(day)
    report_is_due(moment(9, 14, on))
    assert not KeptReport.objects.exists()
    report_is_due(moment(9, 15, on))
    assert {kept.day for kept in KeptReport.objects.all()} == {on}


# The clock passes 9.15 while a register is being saved: two connections, on both databases.


class Beside:
    """Something done in a thread with a connection of its own; `result` raises what it raised."""

    def __init__(self, do: Callable[[], object]) -> None:
        self.found: list[object] = []
        self.thread = threading.Thread(target=self._run, args=(do,), daemon=True)
        self.thread.start()

    def _run(self, do: Callable[[], object]) -> None:
        try:
            self.found.append(do())
        except BaseException as error:
            self.found.append(error)
        finally:
            connection.close()

    @property
    def is_waiting(self) -> bool:
        """Whether it is still at it after a moment."""
        self.thread.join(0.3)
        return self.thread.is_alive()

    @property
    def result(self) -> object:
        """What came of it."""
        self.thread.join(20)
        assert self.found, "it never came to an end"
        if isinstance(self.found[0], BaseException):
            raise self.found[0]
        return self.found[0]


@pytest.mark.policy("A6-b")
@pytest.mark.django_db(transaction=True)
def test_marks_that_are_being_saved_as_the_clock_passes_are_in_it_whole(cast: Cast) -> None:
    facts, saved, go_on = facts_of(cast.hamsey.pk), threading.Event(), threading.Event()

    def save() -> None:
        with transaction.atomic():
            mark(cast, dict.fromkeys(("Aisha", "Ben", "Chloe"), "N"), at=moment(9, 14))
            saved.set()
            assert go_on.wait(20)

    saving = Beside(save)
    assert saved.wait(20)
    keeping = Beside(lambda: keep_absentee_report(facts, DAY, at=AT))
    assert keeping.is_waiting, "the school's lock is held by who saves"
    go_on.set()
    saving.result
    kept = keeping.result
    assert kept.number == Entry.objects.order_by("-number").first().number
    assert said_by(kept)["Chloe Dunn"] == "N"
    assert said_by(kept) == said_by_ledger(cast, kept.number)


@pytest.mark.policy("A6-b")
@pytest.mark.django_db(transaction=True)
def test_marks_that_come_while_it_is_being_kept_are_not_in_it_at_all(cast: Cast, monkeypatch) -> None:
    facts, reading, go_on = facts_of(cast.hamsey.pk), threading.Event(), threading.Event()
    mark(cast, {"Aisha": "/", "Chloe": "N"})
    read = reporting.absentee_report

    def slowly(*given: object) -> object:
        reading.set()
        assert go_on.wait(20)
        return read(*given)

    monkeypatch.setattr(reporting, "absentee_report", slowly)
    keeping = Beside(lambda: keep_absentee_report(facts, DAY, at=AT))
    assert reading.wait(20)
    saving = Beside(lambda: mark(cast, {"Ben": "I", "Chloe": "/"}, at=moment(9, 14), key="meanwhile"))
    assert saving.is_waiting, "the school's lock is held by who keeps"
    go_on.set()
    kept = keeping.result
    saving.result
    assert Entry.objects.order_by("-number").first().number > kept.number
    assert (said_by(kept)["Chloe Dunn"], said_by(kept)["Ben Carter"]) == ("N", "-")
    assert said_by(kept) == said_by_ledger(cast, kept.number)


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_keep_one_and_send_one(cast: Cast) -> None:
    facts, together = facts_of(cast.hamsey.pk), threading.Barrier(3)

    def work() -> None:
        together.wait(20)
        keep_and_send(facts, AT)

    workers = [Beside(work) for _ in range(3)]
    for one in workers:
        one.result
    assert KeptReport.objects.filter(school=cast.hamsey).count() == 1
    assert Message.objects.filter(school=cast.hamsey.pk).count() == 1


@pytest.mark.policy("4.1-e")
def test_a_kept_report_goes_after_the_policys_period_and_not_a_day_earlier(cast: Cast) -> None:
    keep_absentee_report(facts_of(cast.hamsey.pk), DAY, at=AT)
    last = AT.replace(year=2027)
    assert retain_reports(cast.hamsey.pk, by=WORKER, at=last) == 0
    assert retain_reports(cast.barcombe.pk, by=WORKER, at=last + timedelta(days=1)) == 0
    assert KeptReport.objects.exists()
    assert retain_reports(cast.hamsey.pk, by=WORKER, at=last + timedelta(days=1)) == 1
    assert not KeptReport.objects.exists()
