"""The same small federation in every test: two schools, three classes, their people, and a stranger.

Hamsey has Kestrels and Wrens, Barcombe has Otters. Sam Stranger heads Barcombe and must always be refused at Hamsey.
Everything is made through the rooms' own actions. The clock stands at 9.05 on Tuesday 14 May 2024 unless moved.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, time

from rollcall.accounts.actions import grant, make_user
from rollcall.accounts.models import User
from rollcall.accounts.queries import standing
from rollcall.accounts.roles import Role
from rollcall.journal.actor import INSTALLER, Actor
from rollcall.rules.identifiers import upn_letter
from rollcall.rules.policy import load, shipped_text
from rollcall.schools import actions as schools
from rollcall.schools.models import Contact, Enrolment, Federation, Pupil, PupilContact, School, SchoolClass
from rollcall.schools.queries import times_from_policy
from rollcall.schools.queries.facts import LONDON

PASSWORD = "tuesday-morning-register"
DAY = date(2024, 5, 14)
FOUNDED = datetime(2023, 7, 1, 12, 0, tzinfo=LONDON)

TERMS = {
    2022: [
        ("Autumn", date(2022, 9, 5), date(2022, 12, 16)),
        ("Spring", date(2023, 1, 3), date(2023, 3, 31)),
        ("Summer", date(2023, 4, 17), date(2023, 7, 21)),
    ],
    2023: [
        ("Autumn 1", date(2023, 9, 4), date(2023, 10, 20)),
        ("Autumn 2", date(2023, 10, 30), date(2023, 12, 15)),
        ("Spring 1", date(2024, 1, 2), date(2024, 2, 9)),
        ("Spring 2", date(2024, 2, 19), date(2024, 3, 28)),
        ("Summer 1", date(2024, 4, 15), date(2024, 5, 24)),
        ("Summer 2", date(2024, 6, 3), date(2024, 7, 23)),
    ],
}
CHILDREN = {
    "Kestrels": ["Aisha Begum", "Ben Carter", "Chloe Dunn", "Dev Ellis", "Esme Field", "Finn Gray"],
    "Wrens": ["Gus Hill", "Hana Iqbal", "Ivo James"],
    "Otters": ["Jade King", "Kit Lowe", "Lena Marsh"],
}


def moment(hour: int, minute: int, day: date = DAY) -> datetime:
    """A London time of day."""
    return datetime.combine(day, time(hour, minute), LONDON)


@dataclass
class Cast:
    """The people and places of a test; `users` by the short names below."""

    federation: Federation
    hamsey: School
    barcombe: School
    classes: dict[str, SchoolClass]
    users: dict[str, User]
    enrolments: dict[str, Enrolment]
    by: Actor = INSTALLER
    at: datetime = field(default_factory=lambda: moment(9, 5))

    @property
    def kestrels(self) -> SchoolClass:
        """The class that most tests use."""
        return self.classes["Kestrels"]

    def pupil(self, name: str) -> Pupil:
        """A pupil by first name."""
        return self.enrolments[name].pupil

    def actor(self, name: str, school: School | None = None) -> Actor:
        """Somebody as the `by` of an action."""
        return standing(self.users[name], DAY).actor((school or self.hamsey).pk)


PEOPLE: dict[str, tuple[str, Role, str | None, str | None]] = {
    # short name: (first and last name, role, school, class)
    "exec": ("Eve Executive", Role.EXECUTIVE, None, None),
    "head": ("Harriet Head", Role.HEAD, "hamsey", None),
    "leader": ("Lee Leader", Role.LEADER, "hamsey", None),
    "dsl": ("Dana Safeguard", Role.DSL, "hamsey", None),
    "secretary": ("Sue Secretary", Role.SECRETARY, "hamsey", None),
    "office": ("Olly Office", Role.OFFICE, "hamsey", None),
    "teacher": ("Tom Teacher", Role.TEACHER, "hamsey", "Kestrels"),
    "wrens_teacher": ("Wilma Wren", Role.TEACHER, "hamsey", "Wrens"),
    "cover": ("Cal Cover", Role.COVER, "hamsey", "Kestrels"),
    "governor": ("Gita Governor", Role.GOVERNOR, None, None),
    "analyst": ("Ana Analyst", Role.ANALYST, None, None),
    "admin": ("Ada Administrator", Role.ADMINISTRATOR, None, None),
    "stranger": ("Sam Stranger", Role.HEAD, "barcombe", None),
}


def upn(n: int) -> str:
    """A valid made-up UPN."""
    rest = f"845{4000:04}{20:02}{n:03}"
    return upn_letter(rest) + rest


def build() -> Cast:
    """Found the federation; nothing is marked yet."""
    by = {"by": INSTALLER, "at": FOUNDED}
    federation = schools.found_federation("Downland Federation", **by)
    places = {
        slug: schools.found_school(
            federation, name=name, slug=slug, urn=urn, la_number="845", establishment_number=number, **by
        )
        for slug, name, urn, number in (
            ("hamsey", "Hamsey Primary School", "114400", "2062"),
            ("barcombe", "Barcombe Primary School", "114401", "3001"),
        )
    }
    schools.adopt_policy(
        federation,
        document=shipped_text("federation"),
        effective=date(2022, 8, 1),
        approved=date(2022, 7, 1),
        review=date(2025, 7, 1),
        founding=True,
        **by,
    )
    policy = load("federation")
    for school in places.values():
        for start, terms in TERMS.items():
            schools.add_year(school, start, terms, **by)
        schools.set_times(school, begins=date(2022, 8, 1), **times_from_policy(policy, school.slug), **by)
        schools.close_sessions(
            school, first=date(2024, 5, 6), last=date(2024, 5, 6), kind="bank_holiday", ground="Early May", **by
        )
    classes = {
        name: schools.add_class(places[slug], 2023, name, **by)
        for name, slug in (("Kestrels", "hamsey"), ("Wrens", "hamsey"), ("Otters", "barcombe"))
    }
    enrolments = _children(classes)
    return Cast(federation, places["hamsey"], places["barcombe"], classes, _people(places, classes), enrolments)


def _children(classes: dict[str, SchoolClass]) -> dict[str, Enrolment]:
    enrolments, n = {}, 0
    for class_name, names in CHILDREN.items():
        for name in names:
            n += 1
            first, last = name.split()
            pupil = Pupil(
                upn=upn(n),
                legal_first=first,
                legal_last=last,
                known_first=first,
                known_last=last,
                born=date(2015, 1, n),
                sex="F" if n % 2 else "M",
            )
            enrolments[first] = schools.admit(
                pupil, classes[class_name], year_group=4, admitted=date(2023, 9, 4), by=INSTALLER, at=FOUNDED
            )
            _parent(pupil, classes[class_name].school)
    return enrolments


def _parent(pupil: Pupil, school: School) -> None:
    by = {"by": INSTALLER, "at": FOUNDED}
    parent = Contact(
        title="Ms",
        first="Pat",
        last=pupil.legal_last,
        email=f"pat.{pupil.legal_last.lower()}@example.org",
        address=f"{pupil.pk} Mill Lane\nHamsey\nBN8 5TT",
    )
    schools.add_contact(parent, [(f"07700 900{pupil.pk % 1000:03}", "mobile")], **by)
    link = PupilContact(
        pupil=pupil, contact=parent, relationship="Mother", parental_responsibility=True, lives_with=True
    )
    schools.link_contact(link, school=school, **by)


def _people(places: dict[str, School], classes: dict[str, SchoolClass]) -> dict[str, User]:
    by = {"by": INSTALLER, "at": FOUNDED}
    users = {}
    for short, (name, role, slug, class_name) in PEOPLE.items():
        person = schools.add_person(*name.split(), **by)
        school = places[slug] if slug else None
        schools.add_post(person, role.label, begins=date(2022, 8, 1), school=school, **by)
        users[short] = make_user(person, email=f"{short}@example.org", password=PASSWORD, **by)
        begins, ends = (DAY, DAY) if role is Role.COVER else (date(2022, 8, 1), None)
        grant(
            users[short],
            role,
            school=school,
            school_class=classes[class_name] if class_name else None,
            begins=begins,
            ends=ends,
            **by,
        )
    return users
