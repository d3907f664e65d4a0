"""The roles of the policy's section 3, and a few that running the system needs."""

from enum import Enum


class Role(Enum):
    """A role as it is granted; `label` is how pages call it."""

    GOVERNOR = "governor"
    EXECUTIVE = "executive"
    HEAD = "head"
    LEADER = "leader"
    DSL = "dsl"
    DEPUTY_DSL = "deputy_dsl"
    SECRETARY = "secretary"
    OFFICE = "office"
    TEACHER = "teacher"
    COVER = "cover"
    ANALYST = "analyst"
    ADMINISTRATOR = "administrator"

    @property
    def label(self) -> str:
        """The role in words."""
        return _LABELS[self.value]

    @property
    def is_for_class(self) -> bool:
        """Whether it is held at one class; every other role is held at a whole school or across the federation."""
        return self in (Role.TEACHER, Role.COVER)


_LABELS = {
    "governor": "Governor",
    "executive": "Executive headteacher",
    "head": "Head of school",
    "leader": "Senior leader supporting attendance",
    "dsl": "Designated safeguarding lead",
    "deputy_dsl": "Deputy designated safeguarding lead",
    "secretary": "Attendance officer (school secretary)",
    "office": "Office staff",
    "teacher": "Class teacher",
    "cover": "Cover for a day",
    "analyst": "Analyst",
    "administrator": "Administrator",
}
