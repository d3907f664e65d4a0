"""Families and their children put on roll, class by class and year by year, as a school's office would."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from rollcall.demo.actions.founding import Founded
from rollcall.demo.families import BY_SLUG, Adult, chance
from rollcall.demo.roster import Child, Roster, classes_in, span_at
from rollcall.demo.steps import moment
from rollcall.demo.terms import terms_of
from rollcall.journal.actor import INSTALLER
from rollcall.schools import actions as schools
from rollcall.schools.models import Contact, Enrolment, Pupil, PupilContact

ILL = ("Asthma; inhaler in the office", "Type 1 diabetes", "Epilepsy; care plan", "Nut allergy", "Juvenile arthritis")
WORKER = "Made-up social worker, children's services, 01632 960099"


@dataclass
class Admitted:
    """Enrolments by (slug, UPN), pupils by UPN, and contacts by family and place in it."""

    enrolments: dict[tuple[str, str], Enrolment] = field(default_factory=dict)
    pupils: dict[str, Pupil] = field(default_factory=dict)
    contacts: dict[tuple[str, int], Contact] = field(default_factory=dict)


def admit_all(made: Founded, roster: Roster, today: date) -> Admitted:
    """Admit everybody who has joined by `today`, move them up a class in September, and record who has left."""
    there = Admitted()
    for slug in made.schools:
        for year in (roster.start - 1, roster.start):
            groups = classes_in(BY_SLUG[slug], roster, year)
            for child in roster.of_year(slug, year):
                _seat(made, there, child, slug, year, groups[child.upn], today)
    _leavers(there, roster, today)
    _held(there, roster, today)
    return there


def _seat(made: Founded, there: Admitted, child: Child, slug: str, year: int, class_name: str, today: date) -> None:
    own, group = made.classes[slug, year, class_name], child.year_group(year)
    begins = max(terms_of(year).spans[0][1], span_at(child, slug)[0])
    at = moment(begins - timedelta(days=3), time(11))
    if begins > today:
        return
    known = there.enrolments.get((slug, child.upn))
    if known is not None:
        schools.move_class(known, own, begins=begins, year_group=group, by=INSTALLER, at=at)
        return
    pupil = there.pupils.get(child.upn) or _pupil(child)
    is_new = pupil.pk is None
    there.enrolments[slug, child.upn] = schools.admit(
        pupil, own, year_group=group, admitted=begins, by=INSTALLER, at=at
    )
    there.pupils[child.upn] = pupil
    if is_new:
        _family(there, child, pupil, made, slug, at)


def _pupil(child: Child) -> Pupil:
    rng = chance("facts", child.upn)
    family = child.family
    free = family.poor
    luck = rng.random()
    special = luck < 0.035 + 0.02 * (child.draw > 1)
    watched = rng.random() < (0.05 if child.draw > 1 else 0.008)
    looked_after = rng.random() < 0.008
    return Pupil(
        upn=child.upn,
        legal_first=child.first,
        legal_last=child.last,
        known_first=child.known_first,
        known_last=child.last,
        born=child.born,
        sex=child.sex,
        sen="E" if special else "K" if luck < 0.17 else "N",
        free_meals=free,
        pupil_premium=free or looked_after or rng.random() < 0.04,
        traveller=family.traveller,
        looked_after=looked_after,
        child_protection=watched,
        social_worker=WORKER if watched or looked_after else "",
        young_carer=rng.random() < 0.01,
        risk="red" if watched else "amber" if looked_after or rng.random() < 0.03 else "green",
        medical=rng.choice(ILL) if rng.random() < 0.05 else "",
        confidential=watched and rng.random() < 0.3,
    )


def _family(there: Admitted, child: Child, pupil: Pupil, made: Founded, slug: str, at: datetime) -> None:
    for order, adult in enumerate(child.family.adults, 1):
        known = there.contacts.get((child.family.key, order))
        if known is None:
            known = schools.add_contact(_contact(adult, child), list(adult.phones), by=INSTALLER, at=at)
            there.contacts[child.family.key, order] = known
        link = PupilContact(
            pupil=pupil,
            contact=known,
            order=order,
            relationship=adult.relationship,
            parental_responsibility=adult.responsible,
            lives_with=adult.lives_with,
            barred=bool(adult.barred_do),
            barred_do=adult.barred_do,
            barred_why=adult.barred_why,
        )
        schools.link_contact(link, school=made.schools[slug], by=INSTALLER, at=at)


def _contact(adult: Adult, child: Child) -> Contact:
    mail = f"{adult.first}.{adult.last}.{child.family.key}@example.org".lower().replace(" ", "")
    return Contact(
        title=adult.title,
        first=adult.first,
        last=adult.last,
        email="" if adult.barred_do or not adult.responsible else mail,
        address=adult.address,
        language=child.family.language,
    )


def _leavers(there: Admitted, roster: Roster, today: date) -> None:
    for slug, child, last in _leaving(there, roster):
        if last < today and there.enrolments[slug, child.upn].admitted <= last:
            schools.record_leaver(
                there.enrolments[slug, child.upn],
                last_day=last,
                by=INSTALLER,
                at=moment(last, time(15)),
                reason="Moved on to secondary school" if child.cohort == roster.start - 7 else "Moved away",
            )


def _leaving(there: Admitted, roster: Roster) -> Iterator[tuple[str, Child, date]]:
    """Whoever leaves a school, and the last day there: after year 6, or inside a year."""
    for child in roster.children:
        if (child.slug, child.upn) in there.enrolments:
            if child.leaves:
                yield child.slug, child, child.leaves
            elif child.cohort == roster.start - 7:
                yield child.slug, child, terms_of(roster.start - 1).spans[-1][2]


def _held(there: Admitted, roster: Roster, today: date) -> None:
    """Two families to whom nothing is sent for a while."""
    rng = chance("holds", roster.start)
    upns = sorted(c.upn for c in roster.children if c.upn in there.pupils and c.cohort > roster.start - 6)
    for kind, note in (("bereavement", "A death in the family"), ("illness", "A parent is in hospital")):
        pupil = there.pupils[rng.choice(upns)]
        begins = today - timedelta(days=rng.randrange(5, 20))
        schools.hold(pupil, kind, begins=begins, note=note, by=INSTALLER, at=moment(begins, time(10)))
