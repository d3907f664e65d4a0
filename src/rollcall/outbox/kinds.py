"""The kinds of message: whom each is for, what it is in words, and how it goes until a school says otherwise.

What is for a family never goes by itself until a school has switched that on, and what is for the authority never does;
what is for staff goes. A room that has a new kind of message adds a line here.
"""

from dataclasses import dataclass

FAMILY, STAFF, AUTHORITY = "family", "staff", "authority"
OFF, ASK, SEND = "off", "ask", "send"
MODES = (OFF, ASK, SEND)


@dataclass(frozen=True)
class Kind:
    """A kind of message. `modes` are those that a school may choose; one alone can't be switched."""

    id: str
    words: str
    about: str
    to: str
    modes: tuple[str, ...] = MODES

    @property
    def default(self) -> str:
        """How it goes where a school has said nothing."""
        return SEND if self.to == STAFF else ASK


_ALL = (
    Kind("absence.unexplained", "“We have not heard why”", "Asks why a child is not in.", FAMILY),
    Kind("absence.evidence", "Evidence wanted", "Asks for evidence of a reason: by when, what would do.", FAMILY),
    Kind("absence.unauthorised", "Absence not authorised", "Says that an absence is about to be unauthorised.", FAMILY),
    Kind("absence.leave", "Answer to a request for leave", "Says what was decided on a request for leave.", FAMILY),
    Kind("letter", "Letters of the review", "Each was read and agreed to by a named person first.", FAMILY),
    Kind("letter.update", "Updates to all parents", "A child's attendance, weekly and at the end of a term.", FAMILY),
    Kind("letter.meeting", "Meetings with families", "Invitations to a meeting, and what was agreed at it.", FAMILY),
    Kind("letter.warning", "Warnings", "Punctuality, formal warnings and contracts, each by a named person.", FAMILY),
    Kind("letter.recognition", "Good news", "Says that a child's attendance has risen.", FAMILY),
    Kind("letter.notice", "Penalty notices", "Notices and notices to improve, each by a named person.", FAMILY),
    Kind("other", "Any other message to a family", "What no line above covers.", FAMILY, (OFF, ASK)),
    Kind("staff.register_late", "Reminder of a late register", "To the teacher whose register is not in.", STAFF),
    Kind("staff.activity", "Reminder to a trip's leader", "To who has not yet said which children are there.", STAFF),
    Kind("staff.report", "The absentee report", "To the head of school, each morning.", STAFF),
    Kind("staff.alert", "Alert about a child", "A child is not accounted for; so it always goes.", STAFF, (SEND,)),
    Kind("staff.unknown", "Last day of an N", "To the secretary: absences that need their code today.", STAFF),
    Kind("staff.meeting", "Reminder of a meeting", "To the staff who are asked, on the school day before.", STAFF),
    Kind(
        "authority.invitation", "Invitation to the authority", "Read and sent by a named person.", AUTHORITY, (ASK,)
    ),
    Kind("invitation", "Invitation to sign in", "Sent by whoever gives somebody a sign-in.", STAFF, (SEND,)),
)
KINDS: dict[str, Kind] = {kind.id: kind for kind in _ALL}
"""Each kind by its id, in the order of the page that switches them."""

BY_GROUND = {"casework.step": "letter", "casework.letter": "letter"}
"""The kind of a message whose ground has another name than its kind."""


def kind_of(kind: str, ground: str) -> Kind:
    """The kind that is meant: as named, else the one of the ground, else `other`. Raises ValueError for no kind."""
    if kind and kind not in KINDS:
        raise ValueError(f"There is no kind of message {kind!r}; rollcall/outbox/kinds.py lists them.")
    return KINDS.get(kind or BY_GROUND.get(ground, ground), KINDS["other"])
