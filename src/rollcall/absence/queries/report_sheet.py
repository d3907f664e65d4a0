"""The absentee report in the words of its print and of the message that carries it, from the report alone."""

from collections.abc import Iterable

from rollcall.absence.queries.report_values import AbsenteeReport, Away, ClassPart
from rollcall.accounts.templatetags.words import clock
from rollcall.accounts.templatetags.words import half as half_words
from rollcall.documents.absentees import AbsenteeSheet, SheetClass, SheetLine
from rollcall.rules.words import counted, day_words, listed

TITLE = "Absentee report"
STATES = {
    "in": "Register in",
    "in late": "Register in, taken late",
    "due": "REGISTER NOT IN",
    "late": "REGISTER NOT IN",
    "ahead": "Register not open yet",
    "closed": "CLOSED SINCE",
    "none": "No register: put these pupils in a class",
}


def when(report: AbsenteeReport) -> str:
    """What the report is of: the day, the session and the moment; a kept one says so."""
    as_it = "as it was at" if report.number is not None else "as at"
    return f"{day_words(report.day)} {report.day.year}, {half_words(report.half)}, {as_it} {clock(report.at)}"


def late_words(report: AbsenteeReport) -> str:
    """That a kept report bears another time than the one it was due at, and why; nothing where it was in time."""
    if not report.is_late or report.due is None:
        return ""
    now, then = clock(report.at), clock(report.due)
    why = "until then the worker was not running, or the school was said to be closed"
    return f"Kept at {now} instead of {then}: {why}. It says what the register said at {now}."


def state_words(part: ClassPart) -> str:
    """The state of a class's register, who handed it in or who is to, and how many are in."""
    if part.closed:
        return f"{part.closed} {counted(part.n, 'pupil')} not accounted for when it closed, and not found yet."
    words = STATES[part.state]
    if part.handed:
        words = f"{words} {part.handed}"
    elif part.takers:
        words = f"{words} ({part.takers})"
    unknown = f"UNKNOWN: {counted(part.n_unknown, 'pupil')}. " if part.n_unknown else ""
    return f"{words}. {unknown}{part.n_in} of {part.n} in."


def notes_of(part: ClassPart) -> tuple[str, ...]:
    """What stands below a class's lines: who is unknown, at an activity, or was signed out."""
    unknown = (f"UNKNOWN, nobody has marked: {', '.join(part.unknown)}.",) if part.unknown else ()
    elsewhere = (
        f"{one.code}, {one.ground or one.meaning}: {', '.join(one.names)}.{f' {one.to_do}.' if one.to_do else ''}"
        for one in part.elsewhere
    )
    return (*unknown, *elsewhere, *(f"{words}." for words in part.signed_out))


def warnings_of(report: AbsenteeReport) -> tuple[str, ...]:
    """What must be read first: lateness, registers that are not in, messages that nobody has answered."""
    found = [words] if (words := late_words(report)) else []
    if report.missing:
        each = (f"{part.name} ({part.takers or 'nobody named'})" for part in report.missing)
        unknown = f" {counted(report.n_unknown, 'pupil')} UNKNOWN." if report.n_unknown else ""
        found.append(f"Registers not in: {listed(each)}.{unknown}")
    if closed := [part for part in report.classes if part.closed]:
        each = (f"{part.name} ({counted(part.n, 'pupil')})" for part in closed)
        found.append(f"Not accounted for when it closed: {listed(each)}.")
    if report.inbox:
        found.append(f"Not answered: {listed(report.inbox)}.")
    return tuple(found)


def numbers_of(report: AbsenteeReport) -> tuple[tuple[int, str], ...]:
    """The numbers at the head of the report, the most urgent first."""
    return (
        (report.n_unexplained, "unexplained"),
        (report.n_unknown, "unknown"),
        (report.n_explained, "away with a reason"),
        (report.n_elsewhere, "at activities elsewhere"),
        (report.n_in, f"in, of {report.n}"),
    )


def sheet_of(report: AbsenteeReport) -> AbsenteeSheet:
    """The report as it is printed."""
    return AbsenteeSheet(
        school=report.school,
        title=TITLE,
        about=when(report),
        numbers=tuple((str(n), words) for n, words in numbers_of(report)),
        warnings=warnings_of(report),
        classes=tuple(_class(part) for part in report.classes if not part.is_quiet),
        foot=tuple(_foot(report)),
    )


def _class(part: ClassPart) -> SheetClass:
    lines = tuple(_line(one) for one in part.away)
    return SheetClass(part.name, state_words(part), lines, notes_of(part), part.is_missing or bool(part.closed))


def _line(one: Away) -> SheetLine:
    expected = f"expected {one.expected}: " if one.expected else ""
    return SheetLine(
        name=one.name,
        risk="" if one.risk == "green" else f"{one.risk_words.lower()} risk",
        mark=one.code_words,
        reason=f"{expected}{one.reason}",
        told=one.told,
        back=one.back,
        siblings="; ".join(str(sibling) for sibling in one.siblings),
        to_do="; ".join(one.to_do),
        urgent=one.is_unexplained or one.is_unknown,
    )


def _foot(report: AbsenteeReport) -> Iterable[str]:
    if report.full:
        yield f"Everybody is in: {listed(report.full)}."
    if report.closed:
        yield f"Closed: {'; '.join(report.closed)}."
    if not report.classes:
        yield "No register is taken in this session."
    if report.number is not None:
        yield f"Kept as it was: it holds the school's register up to entry {report.number:,}."
    yield "Pupils only. A mark says where a child is as far as it was entered; UNKNOWN is never taken for safe."


def mail_of(report: AbsenteeReport, attached: str) -> tuple[str, str]:
    """Subject and text of the message that carries a kept report, without any child's name. attached: what is said."""
    subject = f"{TITLE}, {report.school}, {day_words(report.day)}"
    lines = [f"{report.school}, {when(report)}:", ""]
    lines += [f"- {n} {words}" for n, words in numbers_of(report)]
    missing = listed(part.name for part in report.missing)
    lines += ["", f"Registers not in: {missing}." if missing else "Every register is in."]
    lines += [words, ""] if (words := late_words(report)) else [""]
    lines += [attached, "What has changed since stands in Rollcall, under The day."]
    return subject, "\n".join(lines)
