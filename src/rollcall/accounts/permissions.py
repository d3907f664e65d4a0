"""Who may see, do or decide what: the one table (design law 9).

Each row is an act on a thing, "thing:act", with the roles that may do it and the clause it comes from. A role counts
only where it was granted: a teacher's at their classes, a head's at their school, an executive headteacher's at all.
"""

from dataclasses import dataclass

from rollcall.accounts.roles import Role

EVERYBODY = frozenset(Role)
_LEAD = {Role.EXECUTIVE, Role.HEAD}
# A deputy stands in for the safeguarding lead in all of it.
_SAFEGUARDING = {Role.DSL, Role.DEPUTY_DSL}
_LEADERS = _LEAD | {Role.LEADER} | _SAFEGUARDING
_OFFICE = {Role.SECRETARY, Role.OFFICE}
_CLASSROOM = {Role.TEACHER, Role.COVER}


@dataclass(frozen=True)
class Row:
    """One row of the table: who, in words what, and why (the policy's clause)."""

    roles: frozenset[Role]
    words: str
    clause: str


def _row(roles: set[Role] | frozenset[Role], words: str, clause: str) -> Row:
    return Row(frozenset(roles), words, clause)


TABLE: dict[str, Row] = {
    "home:see": _row(EVERYBODY, "see where they land", "3"),
    "account:see": _row(EVERYBODY, "see their own account", "3"),
    "register:see": _row(_LEADERS | _OFFICE | _CLASSROOM, "see a class's register", "3.5-a"),
    "register:take": _row(_LEADERS | _OFFICE | _CLASSROOM, "take a class's register", "3.5-a"),
    "register:amend": _row(_LEAD | _OFFICE, "amend a mark after the register has closed", "4.1-c"),
    "register:decide": _row(_LEAD | _OFFICE, "accept or decline a teacher's change to a mark", "4.1-c"),
    "register:missing": _row(_LEADERS | _OFFICE, "see which registers are not in", "4.1-a"),
    "register:cover": _row(_LEAD | _OFFICE, "give a class to somebody for a day", "3.5-a"),
    "register:print": _row(_LEADERS | _OFFICE | _CLASSROOM, "print a paper register", "4.1-a"),
    "mark:history": _row(_LEADERS | _OFFICE | {Role.TEACHER}, "see a mark's history", "4.1-c"),
    "mark:decide": _row(_LEAD | _OFFICE, "give a mark that rests on a record or a decision", "4.5-b"),
    "expectation:set": _row(_LEAD | _OFFICE, "enter a known absence", "3.6-a"),
    "pupil:see": _row(_LEADERS | _OFFICE | {Role.TEACHER}, "see a pupil's attendance", "3.4-a"),
    "pupil:contacts": _row(_LEADERS | _OFFICE, "see whom to call", "3.6-a"),
    "pupil:record": _row(_LEADERS | _OFFICE, "see a pupil's standing facts", "3.6-a"),
    "pupil:edit": _row(_LEAD | _OFFICE, "change a pupil's details", "3.6-a"),
    "pupil:sensitive": _row(_LEAD | _SAFEGUARDING, "see and set safeguarding facts", "3.3-a"),
    "pupil:barred_why": _row(_SAFEGUARDING, "see why a contact is barred", "3.3-a"),
    "class:see": _row(_LEADERS | _OFFICE | {Role.TEACHER}, "see a class's figures", "7.3-a"),
    "school:see": _row(_LEADERS | _OFFICE, "see a school's pupils and figures", "7.1-a"),
    "school:summary": _row(_LEADERS | _OFFICE | {Role.GOVERNOR}, "see a school's figures without names", "3.1-a"),
    "federation:summary": _row({Role.EXECUTIVE, Role.GOVERNOR}, "see the schools side by side", "3.1-a"),
    "day:see": _row(_LEADERS | _OFFICE, "see the school's day", "A6-a"),
    "day:tick": _row(_LEADERS | _OFFICE, "tick off a line of the day", "A6-a"),
    "day:report": _row(_LEADERS | _OFFICE, "see the absentee report", "A6-b"),
    "day:on_site": _row(_LEADERS | _OFFICE, "see which pupils are on site", "A6-a"),
    "day:checks": _row(_LEADERS | _OFFICE, "see what can't be right", "4.1-a"),
    "slip:fill": _row(_LEADERS | _OFFICE, "fill in and confirm a late slip", "A2-a"),
    "door:enrol": _row(_LEAD | {Role.SECRETARY}, "set up the screen by the door", "A2-a"),
    "outing:sign": _row(_LEADERS | _OFFICE, "sign a child out and in", "4.4-c"),
    "word:log": _row(_LEADERS | _OFFICE, "log a call or message about an absence", "3.6-a"),
    "hand_over:do": _row(_LEAD, "take a caller whom the office handed on", "3.6-a"),
    "doubt:ask": _row(_LEAD | {Role.SECRETARY}, "ask for evidence of a reason", "4.2-b"),
    "doubt:decide": _row(_LEAD, "decide on a reason that was doubted", "4.2-c"),
    "call:make": _row(_LEADERS | _OFFICE, "call families of children not accounted for", "4.5-a"),
    "alert:see": _row(_LEADERS | _OFFICE, "see alerts about children not accounted for", "4.5-a"),
    "alert:acknowledge": _row(_LEADERS, "acknowledge an alert", "4.5-a"),
    "unknown:see": _row(_LEADERS | _OFFICE, "see absences that nobody has explained", "4.5-b"),
    "unknown:decide": _row(_LEAD, "decide on an absence that nobody has explained", "A1-c"),
    "referral:decide": _row(_LEAD, "decide on a referral to the authority", "4.5-d"),
    "reach:set": _row(EVERYBODY - {Role.GOVERNOR, Role.ANALYST}, "choose how to be told of an alert", "4.5-a"),
    "leave:enter": _row(_LEADERS | _OFFICE, "enter a request for leave", "5.1-b"),
    "leave:decide": _row(_LEAD, "decide on leave", "5.1-a"),
    "activity:set": _row(_LEADERS | _OFFICE | {Role.TEACHER}, "enter a trip or activity", "4.1-b"),
    "activity:confirm": _row(_LEADERS | _OFFICE | {Role.TEACHER}, "confirm who is on a trip", "4.1-b"),
    "closure:set": _row(_LEAD | {Role.SECRETARY}, "close the school, or some classes, and open it again", "4.1-d"),
    "friendly:log": _row(_LEADERS | _OFFICE | {Role.TEACHER}, "make and log the friendly calls", "A6-d"),
    "cpoms:take": _row(_LEADERS | {Role.SECRETARY}, "take calls and incidents out for CPOMS", "A6-c"),
    "switch:set": _row(_LEAD, "say which messages go out by themselves", "4.5-a"),
    "review:see": _row(_LEADERS | {Role.SECRETARY}, "see the fortnightly review", "7.1-a"),
    "review:decide": _row(_LEAD, "decide in the fortnightly review", "7.1-a"),
    "review:advise": _row(_LEADERS | {Role.SECRETARY}, "put forward what to decide in the review", "3.4-a"),
    "case:see": _row(_LEADERS | {Role.SECRETARY}, "see a pupil's case on both paths", "FC-a"),
    "case:move": _row(_LEAD, "take a step of the authority's process, or move a case to another policy", "FC-c"),
    "handed:do": _row(EVERYBODY - {Role.GOVERNOR, Role.ANALYST}, "see to what was handed to them", "FC-c"),
    "form:fill": _row(_LEADERS | {Role.SECRETARY, Role.TEACHER}, "fill in a form of the authority's process", "A5-b"),
    "keywork:refer": _row(_SAFEGUARDING, "refer a family to early help keywork", "A5-d"),
    "update:send": _row(_LEAD | {Role.SECRETARY}, "send the updates to all parents", "4.6-a"),
    "letter:send": _row(_LEAD, "send a letter about a pupil", "FC-c"),
    "meeting:see": _row(_LEADERS | {Role.SECRETARY, Role.TEACHER}, "see meetings with families", "7.4-b"),
    "meeting:plan": _row(_LEADERS | {Role.SECRETARY, Role.TEACHER}, "plan and record meetings with families", "7.4-b"),
    "support:set": _row(_LEADERS | {Role.SECRETARY}, "record support and strategies", "7.4-c"),
    "authority:meet": _row(_LEADERS | {Role.SECRETARY}, "plan and record meetings with the authority", "A5-e"),
    "notice:see": _row(_LEADERS | {Role.SECRETARY}, "see penalty notices and what leads to them", "3.4-a"),
    "notice:propose": _row(_LEAD, "propose a penalty notice", "W-c"),
    "notice:authorise": _row({Role.EXECUTIVE}, "authorise a head of school to issue a notice", "W-c"),
    "notice:issue": _row(_LEAD, "issue a penalty notice", "5.2-b"),
    "notice:record": _row(_LEAD | {Role.SECRETARY}, "record what became of a notice", "5.2-d"),
    "pack:make": _row(_LEADERS | {Role.SECRETARY}, "gather the evidence about a pupil", "A5-c"),
    "pack:certify": _row(_LEAD, "certify an evidence pack", "A5-c"),
    "letter:see": _row(_LEADERS | {Role.SECRETARY}, "see a letter as sent", "A3-f"),
    "letter:edit": _row(_LEAD | {Role.SECRETARY}, "edit the wording of letters", "A3-f"),
    "outbox:see": _row(_LEAD | _OFFICE, "see what was sent and what became of it", "A3-f"),
    "outbox:send": _row(_LEAD | _OFFICE, "send messages that wait to be looked at", "4.5-a"),
    "outbox:print": _row(_LEAD | _OFFICE, "print letters that wait", "A3-f"),
    "policy:see": _row(EVERYBODY, "see the policy in force", "8-a"),
    "policy:adopt": _row({Role.EXECUTIVE, Role.ADMINISTRATOR}, "adopt a version of the policy", "8-a"),
    "policy:flags": _row(
        _LEADERS | {Role.GOVERNOR, Role.ADMINISTRATOR}, "be told of an overdue review of the policy", "8-a"
    ),
    "setup:see": _row(_LEAD | _OFFICE | {Role.ADMINISTRATOR}, "see the school's set-up", "4.1-f"),
    "setup:edit": _row({Role.EXECUTIVE, Role.ADMINISTRATOR, Role.HEAD}, "change the school's set-up", "4.1-f"),
    "people:see": _row(_LEAD | {Role.ADMINISTRATOR}, "see who may do what", "3"),
    "people:grant": _row({Role.EXECUTIVE, Role.ADMINISTRATOR}, "grant and end roles", "3"),
    "journal:see": _row(_LEAD | _SAFEGUARDING | {Role.ADMINISTRATOR}, "see the journal", "3.2-a"),
    "files:see": _row(_LEAD | {Role.SECRETARY, Role.ADMINISTRATOR, Role.ANALYST}, "see the files page", "A6-c"),
    "import:run": _row(_LEAD | {Role.SECRETARY, Role.ADMINISTRATOR}, "bring in pupils and marks", "A6-c"),
    "export:run": _row(_LEAD | {Role.SECRETARY, Role.ANALYST}, "take marks out as a file", "7.1-c"),
}
