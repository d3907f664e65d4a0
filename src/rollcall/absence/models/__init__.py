"""What the room keeps, a file for each idea. Rows are added; one that was wrong is withdrawn and stays."""

from rollcall.absence.models.activities import Activity, ActivityCheck, ActivityPlace
from rollcall.absence.models.barred import Stop
from rollcall.absence.models.calls import Alert, Call, Reach, Referral
from rollcall.absence.models.day import FriendlyCall, KeptReport, StepDone
from rollcall.absence.models.doubts import Doubt, Telling
from rollcall.absence.models.found import Found
from rollcall.absence.models.going_out import CpomsItem, CpomsTake
from rollcall.absence.models.late import Device, DeviceTry, Outing, Slip
from rollcall.absence.models.leave import LeaveDecision, LeaveRequest, LeaveSpan
from rollcall.absence.models.words import HandOver, Report, Word

__all__ = [
    "Activity",
    "ActivityCheck",
    "ActivityPlace",
    "Alert",
    "Call",
    "CpomsItem",
    "CpomsTake",
    "Device",
    "DeviceTry",
    "Doubt",
    "Found",
    "FriendlyCall",
    "HandOver",
    "KeptReport",
    "LeaveDecision",
    "LeaveRequest",
    "LeaveSpan",
    "Outing",
    "Reach",
    "Referral",
    "Report",
    "Slip",
    "StepDone",
    "Stop",
    "Telling",
    "Word",
]
