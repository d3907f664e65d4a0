"""Steps of both paths with decisions and reasons, and penalty notices with their gate and events, in a pack."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from rollcall.casework.models import Case, Decision, NoticeToImprove, PromptWord, StepTaken
from rollcall.casework.queries.judged import policy_of
from rollcall.casework.queries.notices import Line, notices_of_pupil, sessions_shown
from rollcall.casework.queries.packing.blocks import Block, day, done, exhibit, facts, heading, items, moment, table
from rollcall.casework.queries.packing.subject import Subject
from rollcall.rules import authority, flow
from rollcall.rules.penalties import pounds
from rollcall.rules.policy import Policy
from rollcall.rules.stages import percent_down
from rollcall.rules.words import day_words

PATHS = (("school", "Steps of the school's path"), ("authority", "Steps of the authority's process"))


def exhibits(about: Subject) -> list[dict[str, Any]]:
    """Four exhibits: each path, what reviews decided, penalty notices."""
    found = [exhibit(title, list(_path(path, about))) for path, title in PATHS]
    found.append(exhibit("What reviews decided", [_decisions(about)]))
    return [*found, exhibit("Penalty notices", list(_notices(about)))]


def _path(path: str, about: Subject) -> Iterator[Block]:
    rows = StepTaken.objects.filter(pupil=about.pupil.pk, path=path).select_related("deed", "withdrawn")
    steps = list(rows.order_by("day", "id"))
    for case in Case.objects.filter(pupil=about.pupil.pk, path=path).select_related("opened", "closed").order_by("id"):
        policy = policy_of(case)
        yield heading(f"Case {case.round}, opened on {day(case.opened.at.date())}", 2)
        ended = (
            f"{case.get_end_display()}: {done(case.closed)}. {about.typed(case.closed.reason)}" if case.closed else ""
        )
        yield facts(("Judged by", f"{policy.name}, version {case.policy}"), ("Ended", ended))
        yield from _steps([one for one in steps if one.case_id == case.pk], policy, about)
    yield from _steps([one for one in steps if one.case_id is None], about.facts.policy_on(about.at.date()), about)


def _ended(case: Case, about: Subject) -> str:
    if case.closed is None:
        return ""
    return f"{case.get_end_display()}: {done(case.closed)}. {about.typed(case.closed.reason)}"


def _steps(steps: Sequence[StepTaken], policy: Policy, about: Subject) -> Iterator[Block]:
    names = {one.id: one.name for one in flow.steps(policy)}
    names |= {one.id: one.name for one in authority.states(policy)}
    for one in steps:
        name = names.get(one.step, one.step.replace("-", " "))
        share = f"{percent_down(one.attended, one.possible)}% ({one.attended} of {one.possible} sessions)"
        yield heading(f"{name}: {day(one.day)}{' (taken back)' if one.withdrawn_id else ''}")
        yield facts(
            ("Decided by", done(one.deed)),
            ("On a figure of", share if one.possible else ""),
            ("Answer", one.evidence.get("exit", {}).get("words", "")),
            ("Because", about.typed(one.because)),
            ("Taken back", f"{done(one.withdrawn)}: {about.typed(one.withdrawn.reason)}" if one.withdrawn else ""),
        )
        if why := [reason["text"] for reason in one.evidence.get("proposal", {}).get("why", ())]:
            yield items(why)


def _decisions(about: Subject) -> Block:
    rows = Decision.objects.filter(row__pupil=about.pupil.pk).select_related("deed", "row__review")
    told = [
        (
            day(one.row.review.day),
            one.row.evidence.get("proposal", {}).get("words", "") or one.row.step.replace("-", " "),
            f"{one.get_choice_display()}: {one.step.replace('-', ' ')}" if one.step else one.get_choice_display(),
            about.typed(one.because),
            done(one.deed),
        )
        for one in rows.order_by("deed__at", "id")
    ]
    return table(("Review of", "Proposed", "Decided", "Because", "By"), (4, 5, 5, 7, 6), told)


def notices_of(about: Subject) -> list[Line]:
    """The pupil's notices: those to the parent concerned alone where the pack is for a notice."""
    lines = notices_of_pupil(about.pupil.pk, about.at)
    return [one for one in lines if about.contact in (None, one.notice.contact_id)]


def _notices(about: Subject) -> Iterator[Block]:
    for line in notices_of(about):
        yield heading(f"{line.notice.to_name}: {line.notice.get_kind_display().lower()}", 2)
        yield _notice(line)
        yield heading("Before it was proposed")
        yield items(_gate(line.notice.gate, about))
        yield heading("Sessions that it rests on")
        yield _sessions(line, about)
        yield heading("What became of it")
        yield _events(line, about)
    yield from _improvements(about)
    yield from _words(about)


def _notice(line: Line) -> Block:
    notice = line.notice
    terms = notice.terms
    amounts = [
        f"£{terms[amount]} within {terms[days]} days of receipt"
        for amount, days in (("reduced", "reduced_days"), ("full", "full_days"))
        if terms.get(amount) and terms.get(days)
    ]
    prompt = (notice.evidence.get("prompt") or {}).get("sentence", "")
    return facts(
        ("Rests on", prompt),
        ("Proposed", done(notice.proposed)),
        ("Authorised", done(notice.authorised)),
        ("Issued", f"{day(notice.issued_on)}: {notice.get_issued_by_display()}" if notice.issued_on else "not issued"),
        ("Reference", notice.reference),
        ("Received", f"{day(line.received)}, {line.received_how}" if line.received else ""),
        ("Amounts", "\n".join(amounts)),
        ("Edition of the law", f"{notice.edition}. {terms.get('source', '')}".strip()),
        ("Where it stands", line.words),
    )


def _gate(gate: dict[str, Any], about: Subject) -> list[str]:
    found = [about.typed(one["words"]) for one in gate.get("support", ())]
    if gate.get("not_apt"):
        found.append(f"Support is not apt: {about.typed(gate['not_apt'])}")
    if warning := gate.get("warning"):
        found.append(
            f"Warned by {_letter(warning['letter'], about)}, sent on {day(date.fromisoformat(warning['day']))}"
        )
    found += [f"{one['words']}: {one['answer']}" for one in gate.get("checklist", ())]
    return [*found, *([about.typed(gate["notes"])] if gate.get("notes") else [])] or ["Nothing is on record."]


def _letter(name: str, about: Subject) -> str:
    letters = about.facts.policy_on(about.at.date()).letters
    return next((f"“{one.name}”" for one in letters if one.id == name), name)


def _sessions(line: Line, about: Subject) -> Block:
    rows = []
    for one in sessions_shown(line.notice):
        half = "morning" if one.row.half == "AM" else "afternoon"
        history = "\n".join(about.typed(said.words) for said in one.history)
        rows.append((f"{day(one.row.day)}, {half}", one.row.code, one.now, history))
    return table(("Session", "Mark then", "Mark now", "How it came to stand"), (6, 2, 2, 9), rows)


def _events(line: Line, about: Subject) -> Block:
    rows = [
        (
            day(one.day),
            f"{one.get_kind_display()}{f', {pounds(one.pence)}' if one.pence else ''}",
            f"{about.typed(one.ground)}{f' (told by {one.told_by})' if one.told_by else ''}".strip(),
            done(one.deed),
            done(one.taken_back),
        )
        for one in line.events
    ]  # fmt: skip
    return table(("Day", "What", "Words", "Recorded by", "Taken back"), (4, 5, 6, 5, 5), rows)


def _improvements(about: Subject) -> Iterator[Block]:
    for one in NoticeToImprove.objects.filter(pupil=about.pupil.pk).select_related("deed", "outcome_deed"):
        yield heading(f"Notice to improve: {day_words(one.begins)} to {day(one.ends)}", 2)
        yield facts(
            ("Given by", done(one.deed)),
            ("What was enough", about.typed(one.enough)),
            ("Support", about.typed(one.support)),
            ("What came of it", f"{one.get_outcome_display()}. {about.typed(one.outcome_words)}".strip(" .")),
            ("Said by", done(one.outcome_deed)),
        )  # fmt: skip


def _words(about: Subject) -> Iterator[Block]:
    rows = PromptWord.objects.filter(pupil=about.pupil.pk, kind="not_now").select_related("deed").order_by("id")
    if rows:
        yield heading("Considered, and not proposed", 2)
        yield table(("When", "Because", "By"), (5, 10, 6), [
            (moment(one.deed.at), about.typed(one.because), f"{one.deed.name}, {one.deed.position}") for one in rows
        ])  # fmt: skip
