"""What was done about a pupil beside the steps of the path, newest first, for their page: meetings, help, notices.

For who may see the pupil's casework; the decisions of reviews, the steps and their letters are in `happenings`.
"""

from datetime import datetime

from django.urls import reverse

from rollcall.absence.queries.happenings import DayHappening
from rollcall.casework.models import MeetingOutcome, Notice, NoticeEvent, Raised, SupportAnswer
from rollcall.casework.queries.written import WRITTEN
from rollcall.journal.by_hand import as_moment, rows
from rollcall.outbox.models import Message

# By hand for the cost, as the other stories are. Each part gives kind, moment, name, position, two texts of its own and
# the number of what it leads to.
_DEED = "d.at, d.name, d.position"
_DONE = f"""
    SELECT 'meeting', {_DEED}, o.how, o.said, o.meeting_id FROM casework_meetingoutcome o
    JOIN casework_meeting m ON m.id = o.meeting_id JOIN journal_deed d ON d.id = o.deed_id WHERE m.pupil_id = %s
    UNION ALL SELECT 'offered', {_DEED}, s.what, s.provider, 0 FROM casework_supportoffered s
    JOIN journal_deed d ON d.id = s.deed_id WHERE s.pupil_id = %s
    UNION ALL SELECT 'answered', {_DEED}, a.answer, s.what, 0 FROM casework_supportanswer a
    JOIN casework_supportoffered s ON s.id = a.offer_id JOIN journal_deed d ON d.id = a.deed_id WHERE s.pupil_id = %s
    UNION ALL SELECT 'joined', {_DEED}, i.name, i.aim, 0 FROM casework_interventionpupil p
    JOIN casework_intervention i ON i.id = p.intervention_id JOIN journal_deed d ON d.id = p.deed_id
    WHERE p.pupil_id = %s
    UNION ALL SELECT 'form', {_DEED}, f.form, '', f.id FROM casework_formfilled f
    JOIN journal_deed d ON d.id = f.deed_id WHERE f.pupil_id = %s
    UNION ALL SELECT 'raised', {_DEED}, r.about, r.said, 0 FROM casework_raised r
    JOIN journal_deed d ON d.id = r.deed_id WHERE r.pupil_id = %s
    UNION ALL SELECT 'proposed', {_DEED}, n.kind, n.to_name, n.id FROM casework_notice n
    JOIN journal_deed d ON d.id = n.proposed_id WHERE n.pupil_id = %s
    UNION ALL SELECT 'issued', {_DEED}, n.kind, n.to_name, n.id FROM casework_notice n
    JOIN journal_deed d ON d.id = n.issued_id WHERE n.pupil_id = %s
    UNION ALL SELECT 'event', {_DEED}, e.kind, e.ground, n.id FROM casework_noticeevent e
    JOIN casework_notice n ON n.id = e.notice_id JOIN journal_deed d ON d.id = e.deed_id
    WHERE n.pupil_id = %s AND e.taken_back_id IS NULL
    UNION ALL SELECT 'pack', {_DEED}, '', '', p.id FROM casework_pack p
    JOIN journal_deed d ON d.id = p.deed_id WHERE p.pupil_id = %s
    UNION ALL SELECT 'handed', {_DEED}, h.name, h.what, 0 FROM casework_handedon h
    JOIN journal_deed d ON d.id = h.deed_id WHERE h.pupil_id = %s
    UNION ALL SELECT 'letter', {_DEED}, m.subject, m.state, m.id FROM outbox_message m
    JOIN journal_deed d ON d.id = m.deed_id WHERE m.pupil = %s AND m.ground = '{WRITTEN}'
    ORDER BY 2 DESC, 1, 7
"""
_WORDS = {
    "meeting": dict(MeetingOutcome.HOW),
    "answered": dict(SupportAnswer.ANSWERS),
    "raised": dict(Raised.ABOUT),
    "proposed": dict(Notice.KINDS),
    "issued": dict(Notice.KINDS),
    "event": dict(NoticeEvent.KINDS),
}
_SAID = {
    "meeting": "Meeting: {0}",
    "offered": "Support offered: {0}",
    "answered": "Support: {0}",
    "joined": "Joined: {0}",
    "form": "Form filled in: {0}",
    "raised": "Raised in person: {0}",
    "proposed": "Penalty notice proposed: {0}",
    "issued": "Penalty notice issued: {0}",
    "event": "Penalty notice: {0}",
    "pack": "Evidence pack made",
    "handed": "Handed to {0}",
    "letter": "Letter: {0}",
}
_STATES = dict(Message.STATES)
_ROUTES = {
    "meeting": "casework:meeting",
    "proposed": "casework:notice",
    "issued": "casework:notice",
    "event": "casework:notice",
    "pack": "casework:pack",
}


def doings(pupil: int) -> list[DayHappening]:
    """All that was done about a pupil (by id) beside the steps of the path, newest first; in one query."""
    return [_told(*row) for row in rows(_DONE, [pupil] * _DONE.count("%s"))]


def _told(
    kind: str, at: datetime | str, name: str, position: str, first: str, second: str, number: int
) -> DayHappening:
    words = _WORDS.get(kind, {}).get(first, first.replace("-", " ") if kind == "form" else first)
    small = words[:1].lower() + words[1:] if kind in _WORDS else words
    detail = _STATES.get(second, second) if kind == "letter" else second
    url = reverse(_ROUTES[kind], args=[number]) if kind in _ROUTES else ""
    return DayHappening(as_moment(at), _SAID[kind].format(small), f"{name}, {position}", detail, url)
