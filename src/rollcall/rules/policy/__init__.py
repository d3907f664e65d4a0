"""A school's policy: its times, targets, stages, letters and periods, each with the section that says so.

Read it with `load` (a shipped name or a file) or `loads` (text); a policy that is wrong is refused with a line for each
thing that is wrong. `policies/` beside this room holds the federation's and a national template.
"""

from rollcall.rules.policy.authority import AuthorityPath, Exit, State, SupportKind
from rollcall.rules.policy.day import DayStep, Register, School, SchoolDay
from rollcall.rules.policy.forms import Form, FormField
from rollcall.rules.policy.loading import PolicyError, load, loads, names, restore, shipped_text
from rollcall.rules.policy.measures import Action, Cut, Measures, Stage, Tier
from rollcall.rules.policy.model import Line, Policy
from rollcall.rules.policy.parts import Keeping, Role
from rollcall.rules.policy.paths import Improved, Letter, Step
from rollcall.rules.policy.values import Entry, Value, clock_text, number_text

__all__ = [
    "Action",
    "AuthorityPath",
    "Cut",
    "DayStep",
    "Entry",
    "Exit",
    "Form",
    "FormField",
    "Improved",
    "Keeping",
    "Letter",
    "Line",
    "Measures",
    "Policy",
    "PolicyError",
    "Register",
    "Role",
    "School",
    "SchoolDay",
    "Stage",
    "State",
    "Step",
    "SupportKind",
    "Tier",
    "Value",
    "clock_text",
    "load",
    "loads",
    "names",
    "number_text",
    "restore",
    "shipped_text",
]
