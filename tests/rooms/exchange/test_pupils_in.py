"""A file of pupils: who is new, what changes field by field, families as one, all or nothing."""

from datetime import date

import pytest

from rollcall.exchange.actions import NotBrought, bring_in_pupils
from rollcall.exchange.fields import NEEDED
from rollcall.exchange.guessing import guess
from rollcall.exchange.layouts import Options
from rollcall.exchange.queries.going_out import Sight, lines, pupil_rows
from rollcall.exchange.queries.pupil_file import read_pupils
from rollcall.exchange.queries.pupil_plan import PupilPlan, plan_pupils
from rollcall.exchange.reading import read_grid
from rollcall.journal.actions import new_key
from rollcall.journal.models import Change, Deed
from rollcall.schools import actions as schools
from rollcall.schools.models import Contact, Enrolment, Pupil, PupilContact, SchoolClass
from rollcall.schools.queries import seats_of_school
from tests.cast import Cast, moment, upn
from tests.rooms.exchange.files import as_csv, as_workbook

AT = moment(12, 0)
HEAD = ["UPN", "Surname", "Forename", "DOB", "Gender", "Reg Group", "Year", "Date of Admission"]
EMMA = [upn(50), "Moss", "Emma", "02/03/2015", "Female", "Wrens", "Year 4", "13/05/2024"]


def read(content: bytes, rows=NEEDED):
    """A file as its guessed layout reads it."""
    grid = read_grid(content)
    return read_pupils(grid, guess(grid, "pupils", 2023), rows)


def planned(cast: Cast, content: bytes, rows=NEEDED, **options) -> PupilPlan:
    """What a file would do at Hamsey."""
    return plan_pupils(read(content, rows), cast.hamsey, Options(2023, **options), AT.date())


def bring(cast: Cast, content: bytes, **options):
    """Bring a file in at Hamsey."""
    return bring_in_pupils(
        cast.hamsey, read(content), Options(2023, **options), by=cast.actor("head"), at=AT, key=new_key(),
        filename="pupils.csv", content=content,
    )  # fmt: skip


def exported(cast: Cast) -> bytes:
    """Hamsey's pupils as our own export writes them."""
    sight = Sight(True, True, True)
    told = lines([one.label for one in sight.fields()], pupil_rows(cast.hamsey, 2023, sight))
    return "".join(told).encode()


def test_a_new_pupil_joins_a_class_by_one_deed(cast: Cast) -> None:
    done = bring(cast, as_csv([HEAD, EMMA]))
    assert (done.added, done.changed) == (1, 0)
    emma = Pupil.objects.get(upn=upn(50))
    assert (emma.known_name, emma.born, emma.sex) == ("Emma Moss", date(2015, 3, 2), "F")
    seat = next(one for one in seats_of_school(cast.hamsey.pk, AT.date()) if one.pupil == emma.pk)
    assert (seat.class_name, seat.year_group, seat.admitted) == ("Wrens", 4, date(2024, 5, 13))
    assert Change.objects.filter(thing="pupil", thing_id=emma.pk, deed__kind="pupils.brought_in").exists()


def test_the_same_file_twice_changes_nothing(cast: Cast) -> None:
    content = as_csv([HEAD, EMMA])
    bring(cast, content)
    n = Deed.objects.count()
    assert bring(cast, content) is None and Deed.objects.count() == n


@pytest.mark.policy("A6-c")
def test_our_own_export_comes_back_in_unchanged(cast: Cast) -> None:
    ben = cast.pupil("Ben")
    ben.sen, ben.medical, ben.free_meals = "K", "Asthma, inhaler in the office", True
    ben.save()
    Contact.objects.filter(pupils__pupil=ben).update(language="=Polish", address="1 Mill Lane\nHamsey")
    plan = planned(cast, exported(cast))
    assert (plan.bad, plan.brings, plan.ignored) == ([], [], ())
    assert plan.unchanged == 9


def test_who_left_and_came_back_goes_out_once_and_comes_back_in_unchanged(cast: Cast) -> None:
    schools.record_leaver(cast.enrolments["Ben"], last_day=date(2024, 1, 12), by=cast.by, at=AT, reason="moved")
    schools.admit(cast.pupil("Ben"), cast.kestrels, year_group=4, admitted=date(2024, 4, 15), by=cast.by, at=AT)
    plan = planned(cast, exported(cast))
    assert (plan.bad, plan.brings, plan.unchanged) == ([], [], 9)


def test_our_own_export_founds_the_same_school_elsewhere(cast: Cast) -> None:
    content = exported(cast)
    before = list(pupil_rows(cast.hamsey, 2023, Sight(True, True, True)))
    for rows in (PupilContact, Contact):
        rows.objects.all().delete()
    for enrolment in Enrolment.objects.filter(school=cast.hamsey):
        enrolment.memberships.all().delete()
        enrolment.delete()
    Pupil.objects.filter(enrolments__isnull=True).delete()
    SchoolClass.objects.filter(school=cast.hamsey, name="Wrens").update(name="Wrens of old")
    assert {one.value for one in planned(cast, content).bad} == {"Wrens"}
    assert bring(cast, content, add_classes=True).added == 9
    assert list(pupil_rows(cast.hamsey, 2023, Sight(True, True, True))) == before
    assert {one.name for one in SchoolClass.objects.filter(school=cast.hamsey)} == {"Kestrels", "Wrens", "Wrens of old"}


def test_changes_are_shown_field_by_field_and_kept_in_the_journal(cast: Cast) -> None:
    ben = cast.pupil("Ben")
    content = as_csv([["UPN", "SEN status", "FSM", "Class"], [ben.upn, "K", "Y", "Wrens"]])
    plan = planned(cast, content)
    told = [(one.name, one.what, one.was, one.becomes) for one in plan.changes]
    assert ("Ben Carter", "special educational needs", "N", "K") in told
    assert ("Ben Carter", "free school meals", "no", "yes") in told
    assert ("Ben Carter", "class", "Kestrels", "Wrens from 14 May 2024") in told
    bring(cast, content)
    assert Change.objects.filter(thing_id=ben.pk, field="sen", before="N", after="K").exists()
    rows = cast.enrolments["Ben"].memberships.order_by("begins")
    assert [(one.school_class.name, one.ends) for one in rows] == [("Kestrels", date(2024, 5, 13)), ("Wrens", None)]


def test_a_blank_cell_clears_nothing(cast: Cast) -> None:
    ben = cast.pupil("Ben")
    ben.medical = "Asthma"
    ben.save()
    assert planned(cast, as_csv([["UPN", "Medical"], [ben.upn, ""]])).brings == []


def test_a_class_that_is_not_there_is_named_unless_it_may_be_added(cast: Cast) -> None:
    content = as_csv([HEAD, [*EMMA[:5], "Owls", *EMMA[6:]]])
    found = planned(cast, content).bad
    assert [(one.row, one.column) for one in found] == [(2, "Reg Group")]
    assert "no class Owls in 2023/24" in found[0].problem and "Kestrels, Wrens" in found[0].problem
    assert planned(cast, content, add_classes=True).new_classes == ["Owls"]
    bring(cast, content, add_classes=True)
    assert SchoolClass.objects.filter(school=cast.hamsey, name="Owls", year_start=2023).count() == 1


@pytest.mark.parametrize(
    ("place", "value", "words"),
    [
        (0, "B123456789012", "check letter"),
        (0, "hello", "is not a UPN"),
        (3, "31/02/2015", "calendar"),
        (3, "02/03/1960", "pupil's age"),
        (4, "unknown", "F or M"),
        (6, "Year 99", "year group"),
        (3, "", "needs a date of birth"),
        (7, "", "needs a day of joining"),
    ],
)
def test_each_bad_cell_is_named(cast: Cast, place: int, value: str, words: str) -> None:
    row = [*EMMA[:place], value, *EMMA[place + 1 :]]
    content = as_csv([HEAD, row, [upn(51), *EMMA[1:]]])
    found = planned(cast, content).bad
    assert [(one.row, one.column, one.value) for one in found] == [(2, HEAD[place], found[0].value)]
    assert words in found[0].problem
    with pytest.raises(NotBrought):
        bring(cast, content)
    assert not Pupil.objects.filter(upn=upn(51)).exists()


def named(cast: Cast, *rows: list, head: list | None = None) -> list[tuple[int, str]]:
    """Row and column of each bad cell of a file of these rows."""
    return [(one.row, one.column) for one in planned(cast, as_csv([head or HEAD, *rows])).bad]


def test_every_fault_of_a_row_is_named_at_once(cast: Cast) -> None:
    head = [*HEAD, "Date of leaving", "Contact 1 email", "Contact 1 phone"]
    new = [upn(50), "", "Emma", "soon", "?", "Owls", "Year 99", "13/05/2024", "10/05/2024", "x@example.org", "1"]
    assert set(named(cast, new, head=head)) == {
        (2, column) for column in ("Surname", "DOB", "Gender", "Year", "Contact 1 phone", "Reg Group",
                                   "Date of leaving", "Contact 1 email")
    }  # fmt: skip
    ben = [cast.pupil("Ben").upn, "", "", "soon", "", "Owls", "", "05/09/2023", "", "", ""]
    assert set(named(cast, ben, head=head)) == {(2, "DOB"), (2, "Reg Group"), (2, "Date of Admission")}
    bare = [upn(51), "", "", "", "", "", "", "", "", "", ""]
    found = set(named(cast, bare, head=head))
    assert found == {(2, one) for one in ("Surname", "Forename", "DOB", "Gender", "Date of Admission", "Reg Group")}


def test_a_bad_upn_hides_nothing_that_is_wrong_whoever_it_is(cast: Cast) -> None:
    head = [*HEAD, "Date of leaving"]
    row = ["B123456789012", "Moss", "Emma", "02/03/1960", "F", "Owls", "4", "13/05/2024", "10/05/2024"]
    assert set(named(cast, row, head=head)) == {(2, "UPN"), (2, "DOB"), (2, "Reg Group"), (2, "Date of leaving")}


def test_nothing_is_said_that_hangs_on_a_cell_that_could_not_be_read(cast: Cast) -> None:
    assert named(cast, ["A123", "", "", "", "", "", "", ""]) == [(2, "UPN")]
    assert named(cast, [*EMMA[:3], "soon", EMMA[4], "Wrens", "", EMMA[7]]) == [(2, "DOB")]
    assert named(cast, [*EMMA[:7], "soon"]) == [(2, "Date of Admission")]
    assert named(cast, [*EMMA[:5], "x" * 61, *EMMA[6:]]) == [(2, "Reg Group")]
    head = ["UPN", "Pupil name", "DOB", "Sex", "Class", "Start date", "Contact 1 name", "Contact 1 phone"]
    row = [upn(50), "Emma", "02/03/2015", "F", "Wrens", "13/05/2024", "Mum,", "07700 900001"]
    assert set(named(cast, row, head=head)) == {(2, "Pupil name"), (2, "Contact 1 name")}


def test_rows_of_one_pupil_name_all_that_they_say_otherwise(cast: Cast) -> None:
    other = [EMMA[0], "Mess", "Amy", EMMA[3], "F", "Kestrels", *EMMA[6:]]
    assert set(named(cast, EMMA, other)) == {(3, "Surname"), (3, "Forename"), (3, "Reg Group")}


def test_what_a_later_row_of_a_pupil_adds_is_taken(cast: Cast) -> None:
    head = ["UPN", "SEN", "FSM"]
    ben = cast.pupil("Ben").upn
    facts = planned(cast, as_csv([head, [ben, "K", ""], [ben, "", "Y"]])).brings[0].facts
    assert facts == {"sen": "K", "free_meals": True}


def test_a_pupil_on_another_schools_roll_is_refused_until_they_left_it(cast: Cast) -> None:
    jade = cast.pupil("Jade")
    content = as_csv([["UPN", "Class", "Year", "Admission date"], [jade.upn, "Wrens", "4", "2024-05-14"]])
    assert "On the roll of Barcombe" in planned(cast, content).bad[0].problem
    schools.record_leaver(cast.enrolments["Jade"], last_day=date(2024, 5, 13), by=cast.by, at=AT, reason="moves")
    assert bring(cast, content).added == 1
    assert jade.enrolments.count() == 2


def test_a_leaver_is_recorded_and_a_day_before_joining_refused(cast: Cast) -> None:
    ben = cast.pupil("Ben")
    head = ["UPN", "Leaving date"]
    assert "before joining" in planned(cast, as_csv([head, [ben.upn, "01/09/2023"]])).bad[0].problem
    bring(cast, as_csv([head, [ben.upn, "10/05/2024"]]))
    cast.enrolments["Ben"].refresh_from_db()
    assert cast.enrolments["Ben"].left == date(2024, 5, 10)


def test_siblings_share_a_contact_and_a_row_for_each_contact_is_understood(cast: Cast) -> None:
    head = [*HEAD, "Contact name", "Relationship", "Contact mobile"]
    sister = [upn(51), "Moss", "Ella", "05/06/2017", "F", "Wrens", "1", "13/05/2024"]
    rows = [
        [*EMMA, "Mrs Ida Moss", "Mother", "07700 900001"],
        [*EMMA, "Mr Owen Moss", "Father", "07700 900002"],
        [*sister, "Mrs Ida Moss", "Mother", "+44 7700 900001"],
    ]
    head[9] = "Contact relationship"
    bring(cast, as_csv([head, *rows]))
    ida = Contact.objects.get(first="Ida", last="Moss")
    assert ida.title == "Mrs" and ida.pupils.count() == 2 and ida.phones.count() == 1
    emma = Pupil.objects.get(upn=upn(50))
    told = [(link.contact.first, link.relationship, link.order) for link in emma.contacts.order_by("order")]
    assert told == [("Ida", "Mother", 1), ("Owen", "Father", 2)]


def test_the_same_pupil_twice_is_named_by_both_rows(cast: Cast) -> None:
    same = planned(cast, as_csv([HEAD, EMMA, EMMA])).bad
    other = planned(cast, as_csv([HEAD, EMMA, [*EMMA[:2], "Amy", *EMMA[3:]]])).bad
    assert "Row 2 has this UPN already" in same[0].problem
    assert (other[0].row, other[0].column, other[0].value) == (3, "Forename", "Amy")


@pytest.mark.policy("3.3-a")
def test_safeguarding_facts_come_in_only_through_who_may_set_them(cast: Cast) -> None:
    content = as_csv([["UPN", "CPP", "SEN"], [cast.pupil("Ben").upn, "Y", "K"]])
    assert {one.what for one in planned(cast, content, rows=frozenset()).changes} == {"special educational needs"}
    assert "child protection" in {one.what for one in planned(cast, content).changes}


def test_a_new_years_file_moves_everybody_up(cast: Cast) -> None:
    schools.add_class(cast.hamsey, 2024, "Hawks", by=cast.by, at=AT)
    content = as_csv([["UPN", "Class", "Year"], [cast.pupil("Ben").upn, "Hawks", "5"]])
    file = read(content)
    plan = plan_pupils(file, cast.hamsey, Options(2024), date(2024, 7, 1))
    assert plan.bad == []
    assert (plan.brings[0].begins, plan.brings[0].year_group) == (date(2024, 8, 1), 5)


LAYOUTS = {
    "titles above, a whole name, British days": as_csv(
        [
            ["Pupil list", "printed on 14/05/2024"],
            [],
            ["Pupil name", "Unique pupil number", "D.O.B.", "M/F", "Form", "NCY", "Start date"],
            ["Moss, Emma", EMMA[0], "2 March 2015", "F", "Wrens", "4", "13 May 2024"],
        ],
        "cp1252",
    ),
    "a workbook with real days and flags": as_workbook(
        [
            [
                "UPN",
                "Legal surname",
                "Legal forename",
                "Date of birth",
                "Sex",
                "Registration form",
                "Year group",
                "Joined",
            ],
            [EMMA[0], "Moss", "Emma", date(2015, 3, 2), "Girl", "wrens", 4, date(2024, 5, 13)],
        ]
    ),
    "names first to last, years of two digits, semicolons": (
        "Full name;UPN;DOB;Gender;Reg Group;Year;Date of admission\n"
        f"Emma Moss;{EMMA[0]};02-Mar-15;FEMALE;Wrens;Y4;13-May-24\n"
    ).encode("utf-8-sig"),
    "Excel's day numbers, UTF-16": as_csv(
        [
            ["Surname", "Forename", "UPN", "DOB", "Sex", "Class", "Year", "Admission date", "House points"],
            ["Moss", "Emma", EMMA[0].lower(), "42065", "f", "Wrens", "Year 4", "45425", "12"],
        ],
        "utf-16",
    ),
    "months first, a heading twice, no heading for the UPN": as_csv(
        [
            ["number", "Last name", "First name", "Birth date", "Gender", "Class", "Class", "Yr", "Entry date"],
            [EMMA[0], "Moss", "Emma", "03/02/2015", "F", "Wrens", "blue", "4", "05/13/2024"],
        ],
        ending="\n",
    ),
}


@pytest.mark.parametrize("name", list(LAYOUTS))
@pytest.mark.policy("A6-c")
def test_unlike_layouts_give_the_same_pupil(cast: Cast, name: str) -> None:
    plan = planned(cast, LAYOUTS[name])
    assert plan.bad == []
    one = plan.brings[0]
    said = {key: one.facts[key] for key in ("upn", "legal_first", "legal_last", "born", "sex")}
    assert said == {"upn": EMMA[0], "legal_first": "Emma", "legal_last": "Moss", "born": date(2015, 3, 2), "sex": "F"}
    assert (one.school_class, one.year_group, one.admitted) == ("Wrens", 4, date(2024, 5, 13))
