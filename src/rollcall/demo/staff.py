"""The people who work in the demo's schools, and the address with which each signs in."""

from dataclasses import dataclass

from rollcall.accounts.roles import Role
from rollcall.demo import names
from rollcall.demo.families import PLACES, Place

PASSWORD = "chalk-and-downland"


@dataclass(frozen=True)
class Member:
    """One member of staff: `slug` is empty for who serves the federation, `class_name` for who has no class."""

    name: str
    role: Role | None
    position: str
    email: str
    slug: str = ""
    class_name: str = ""


def _at_school(place: Place, people: list[str]) -> list[Member]:
    where = f"{place.slug}.example"
    found = [
        Member(people.pop(0), Role.HEAD, "Head of school", f"head@{where}", place.slug),
        Member(people.pop(0), Role.SECRETARY, "School secretary", f"office@{where}", place.slug),
        Member(people.pop(0), Role.DSL, "Designated safeguarding lead", f"safeguarding@{where}", place.slug),
    ]
    for name in place.classes:
        teacher = Member(people.pop(0), Role.TEACHER, "Class teacher", f"{name.lower()}@{where}", place.slug, name)
        found.append(teacher)
    return found


def members(slugs: tuple[str, ...]) -> list[Member]:
    """Everybody, the federation's own people first; those of schools that are not built are left out."""
    people = list(names.STAFF)
    where = "federation.example"
    found = [
        Member(people.pop(0), Role.EXECUTIVE, "Executive headteacher", f"executive@{where}"),
        Member(people.pop(0), Role.GOVERNOR, "Chair of governors", f"chair@{where}"),
        Member(people.pop(0), Role.GOVERNOR, "Governor for attendance", f"governor@{where}"),
        Member(people.pop(0), Role.ANALYST, "Data analyst", f"analyst@{where}"),
        Member(people.pop(0), Role.ADMINISTRATOR, "Administrator", f"administrator@{where}"),
        Member(people.pop(0), None, "Supply teacher", f"supply@{where}"),
    ]
    everyone = [*found, *(member for place in PLACES for member in _at_school(place, people))]
    return [member for member in everyone if member.slug in ("", *slugs)]
