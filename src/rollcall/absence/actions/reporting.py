"""Keeping the absentee report as it was at its time, and sending it to the head of school (A6-b).

Kept once a school and day, under the school's lock, so that it holds the ledger up to one number and nothing after.
The message is a second step: a report is kept although its print can't be made or its message can't be put in.
"""

from datetime import date, datetime

from django.db import transaction

from rollcall.absence.models import KeptReport
from rollcall.absence.queries.report import absentee_report, report_due
from rollcall.absence.queries.report_sheet import mail_of, sheet_of
from rollcall.absence.queries.report_values import AbsenteeReport, from_kept
from rollcall.accounts.models import User
from rollcall.accounts.queries import holders
from rollcall.accounts.roles import Role
from rollcall.documents.absentees import absentees_pdf
from rollcall.documents.letter import CannotSet, NoFont
from rollcall.journal import actions as journal
from rollcall.journal.actor import SCHEDULER
from rollcall.journal.models import Deed
from rollcall.outbox import actions as outbox
from rollcall.registers.queries.standing import lock
from rollcall.schools.models import LedgerCount
from rollcall.schools.queries import SchoolFacts

GROUND = "absence.report"
ATTACHED = "The report with names is attached; it is not to be passed on."
NOT_ATTACHED = "It could not be set as a PDF; open it in Rollcall, under The day, Absentee report."


def keep_and_send(facts: SchoolFacts, at: datetime) -> None:
    """The duty: from the report's time on, keep it if nobody has, then send it if nobody has. Safe with two workers."""
    day = at.date()
    due = report_due(facts, day)
    if due is None or at < due:
        return
    kept = KeptReport.objects.filter(school=facts.school, day=day).first() or keep_absentee_report(facts, day, at=at)
    if not Deed.objects.filter(key=_sent_key(facts.school, day)).exists():
        send_absentee_report(kept, facts, at=at)


def keep_absentee_report(facts: SchoolFacts, day: date, *, at: datetime) -> KeptReport:
    """Keep a school's report of a morning as it stands; the one that is kept already where there is one.

    `number` is the last number that the school gave out, read under its lock: marks that are being saved meanwhile are
    in whole or not at all. `content` holds all that it said, in plain values.
    """
    try:
        with transaction.atomic():
            deed = journal.begin(
                "report.kept", by=SCHEDULER, at=at, key=_kept_key(facts.school, day), school=facts.school
            )
            lock(facts.school)
            number = LedgerCount.objects.values_list("last", flat=True).get(school=facts.school)
            content = absentee_report(facts, day, at, "AM").as_kept() | {"number": number}
            return KeptReport.objects.create(school_id=facts.school, day=day, number=number, content=content, deed=deed)
    except journal.AlreadyDone:
        return KeptReport.objects.get(school=facts.school, day=day)


def send_absentee_report(kept: KeptReport, facts: SchoolFacts, *, at: datetime) -> int:
    """Put a kept report into the outbox for every head of the school, with its PDF; returns for how many.

    Once for each report: a second call puts in nothing and returns 0. Nobody's name stands outside the PDF.
    """
    report = from_kept(kept.content)
    pdf = _pdf(report)
    subject, body = mail_of(report, ATTACHED if pdf else NOT_ATTACHED)
    try:
        with transaction.atomic():
            key = _sent_key(facts.school, kept.day)
            deed = journal.begin("report.sent", by=SCHEDULER, at=at, key=key, school=facts.school)
            heads = {user.pk: user for user in holders(Role.HEAD, kept.day, school=facts.school) if user.email}
            for head in heads.values():
                _put(kept, report, head, deed, subject, body, pdf, at)
    except journal.AlreadyDone:
        return 0
    return len(heads)


def _put(
    kept: KeptReport,
    report: AbsenteeReport,
    head: User,
    deed: Deed,
    subject: str,
    body: str,
    pdf: bytes | None,
    at: datetime,
) -> None:
    outbox.put(
        once=f"absence.report.{kept.pk}.{head.pk}",
        deed=deed,
        school=kept.school_id,
        channel="email",
        to_name=str(head),
        to_address=head.email,
        subject=subject,
        body=body,
        ground=GROUND,
        ground_id=kept.pk,
        pupil=None,
        evidence={"report": kept.pk, "user": head.pk, "number": kept.number},
        at=at,
        pdf=pdf,
        pdf_name=f"absentees-{report.slug}-{kept.day}.pdf" if pdf else "",
        kind="staff.report",
    )


def _pdf(report: AbsenteeReport) -> bytes | None:
    """The print of a report; None where a name can't be set or there is no typeface, for the message must go anyway."""
    try:
        return absentees_pdf(sheet_of(report), dated=report.day)
    except (CannotSet, NoFont):
        return None


def _kept_key(school: int, day: date) -> str:
    return f"absentee-report-{school}-{day}"


def _sent_key(school: int, day: date) -> str:
    return f"absentee-report-sent-{school}-{day}"
