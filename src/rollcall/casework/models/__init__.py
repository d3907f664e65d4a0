"""What the room keeps, a file for each idea. Rows are added; one that was wrong is withdrawn and stays."""

from rollcall.casework.models.authority import AuthorityContact, TargetingPack
from rollcall.casework.models.cases import Case, StepTaken
from rollcall.casework.models.letters import LetterWritten, UpdateRound
from rollcall.casework.models.meetings import AgreedAction, Meeting, MeetingOutcome, Target
from rollcall.casework.models.notices import Notice, NoticeEvent, NoticeSession, NoticeToImprove, Pack, PromptWord
from rollcall.casework.models.reviews import Advice, Decision, HandedOn, Review, ReviewRow
from rollcall.casework.models.support import (
    FormFilled,
    Intervention,
    InterventionPupil,
    Raised,
    SupportAnswer,
    SupportOffered,
)

__all__ = [
    "Advice",
    "AgreedAction",
    "AuthorityContact",
    "Case",
    "Decision",
    "FormFilled",
    "HandedOn",
    "Intervention",
    "InterventionPupil",
    "LetterWritten",
    "Meeting",
    "MeetingOutcome",
    "Notice",
    "NoticeEvent",
    "NoticeSession",
    "NoticeToImprove",
    "Pack",
    "PromptWord",
    "Raised",
    "Review",
    "ReviewRow",
    "StepTaken",
    "SupportAnswer",
    "SupportOffered",
    "Target",
    "TargetingPack",
    "UpdateRound",
]
