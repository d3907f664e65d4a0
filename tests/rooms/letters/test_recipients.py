"""Who is written to and who is not, and a letter made for one of them."""

from datetime import date

import pytest

from rollcall.journal.actor import INSTALLER
from rollcall.letters.fields import WordingError
from rollcall.letters.queries import Recipient, compose, is_read_by_barred, may_be_written_to, recipients
from rollcall.rules.policy import load
from rollcall.schools import actions as schools
from rollcall.schools.models import Contact, PupilContact
from tests.cast import DAY, Cast, moment
from tests.rooms.casework.marking import phone

BY = {"by": INSTALLER, "at": moment(8, 0)}


def add(cast: Cast, first: str, *, link: dict | None = None, **contact) -> PupilContact:
    """Another adult of Aisha's."""
    given = {"last": "Begum", "email": f"{first.lower()}@example.org", "address": "2 Mill Lane\nHamsey", **contact}
    adult = schools.add_contact(Contact(first=first, **given), [], **BY)
    made = PupilContact(pupil=cast.pupil("Aisha"), contact=adult, order=2, relationship="Father", **(link or {}))
    return schools.link_contact(made, school=cast.hamsey, **BY)


def test_each_parent_with_responsibility_and_whoever_has_care_is_written_to(cast: Cast) -> None:
    add(cast, "Sam", link={"parental_responsibility": True})
    add(cast, "Gran", link={"lives_with": True})
    add(cast, "Neighbour")
    found = recipients(cast.pupil("Aisha").pk, DAY)
    assert [one.first for one in found.written] == ["Pat", "Sam", "Gran"]
    assert [one.name for one in found.left_out] == ["Neighbour Begum"]
    assert "without parental responsibility" in found.left_out[0].why


def test_a_barred_adult_is_never_written_to_and_the_reason_stays_with_the_dsl(cast: Cast) -> None:
    link = add(
        cast,
        "Sam",
        link={"parental_responsibility": True, "barred": True, "barred_do": "ring the DSL", "barred_why": "order 12"},
    )
    found = recipients(cast.pupil("Aisha").pk, DAY)
    assert [one.first for one in found.written] == ["Pat"]
    assert found.left_out[0].why.startswith("Barred")
    assert "order 12" not in str(found)
    assert not may_be_written_to(link.pupil_id, link.contact_id)


def test_an_e_mail_address_that_a_barred_adult_reads_is_never_used(cast: Cast) -> None:
    """As where a family shares one, or a file has the same adult twice and only one of them is barred."""
    add(cast, "Sam", email="home@example.org", address="9 Far Road", link={"barred": True, "barred_do": "ring the DSL"})
    add(cast, "Gran", email="Home@example.org", link={"lives_with": True})
    add(cast, "Lodger", email="home@example.org", address="", link={"lives_with": True})
    found = recipients(cast.pupil("Aisha").pk, DAY)
    assert [(one.first, one.channel) for one in found.written] == [("Pat", "email"), ("Gran", "print")]
    assert "By post" in found.written[1].note
    assert found.left_out[1].why.startswith("Has the e-mail address of somebody barred")


@pytest.mark.policy("4.5-a")
def test_a_postal_address_that_a_barred_adult_has_too_is_held_until_somebody_looks(cast: Cast) -> None:
    """As a shared e-mail address is: another way is used, and without one nothing is addressed."""
    add(cast, "Sam", address="2, Mill Ln.\nHamsey BN8 5TL", link={"barred": True, "barred_do": "ring the DSL"})
    gran = add(cast, "Gran", link={"lives_with": True})
    add(cast, "Lodger", email="", address="2 Mill Lane, Hamsey, bn85tl", link={"lives_with": True})
    found = recipients(cast.pupil("Aisha").pk, DAY)
    assert [(one.first, one.channel, one.address) for one in found.written[1:]] == [("Gran", "email", ())]
    assert found.written[1].note.startswith("By e-mail alone")
    assert "a person must look at both records" in found.left_out[1].why
    gran.contact.address = "4 Mill Lane"
    gran.contact.save()
    assert recipients(cast.pupil("Aisha").pk, DAY).written[1].address == ("4 Mill Lane",)


def test_what_a_barred_adult_reads_is_known_by_each_way(cast: Cast) -> None:
    sam = add(cast, "Sam", link={"barred": True, "barred_do": "ring the DSL"})
    sam.contact.phones.create(number="07700 900123", kind="mobile", order=1)
    aisha = cast.pupil("Aisha").pk
    ways = {
        "email": "SAM@example.org",
        "text": "+447700900123",
        "print": "2 Mill Lane\nHamsey",
        "letter": "2 mill lane",
    }
    assert all(is_read_by_barred(aisha, channel, where) for channel, where in ways.items())
    others = {"email": "pat@example.org", "text": "+447700900124", "print": "1 Mill Lane\nHamsey", "letter": ""}
    assert not any(is_read_by_barred(aisha, channel, where) for channel, where in others.items())


def test_who_has_no_address_is_named_not_forgotten(cast: Cast) -> None:
    add(cast, "Sam", link={"parental_responsibility": True}, email="", address=" ")
    found = recipients(cast.pupil("Aisha").pk, DAY)
    assert found.left_out[0].why == "Has neither an e-mail address nor a postal address: ask for one."


def test_a_hold_stops_every_letter_while_it_lasts(cast: Cast) -> None:
    aisha = cast.pupil("Aisha")
    schools.hold(aisha, "bereavement", begins=DAY, ends=date(2024, 5, 31), note="", **BY)
    held = recipients(aisha.pk, DAY)
    assert held.written == ()
    assert held.held == "Nothing is sent for now: bereavement from 14 May 2024 to 31 May 2024."
    assert recipients(aisha.pk, date(2024, 6, 3)).written


def test_email_first_else_post_and_another_language_is_pointed_out(cast: Cast) -> None:
    add(cast, "Sam", link={"parental_responsibility": True}, email="", language="Polish")
    pat, sam = recipients(cast.pupil("Aisha").pk, DAY).written
    assert (pat.channel, pat.note) == ("email", "")
    assert (sam.channel, sam.note) == ("print", "Reads Polish; this letter is in English.")


PAT = Recipient(1, "Ms Pat Begum", "Pat", "Mother", "pat@example.org", ("1 Mill Lane", "Hamsey"))


def written(cast: Cast, kind: str = "letter-1", **more):
    given = {
        "attended": 164,
        "possible": 176,
        "recipient": PAT,
        "school": cast.hamsey,
        "policy": load("federation"),
        "day": DAY,
        "figure_day": DAY,
        "signed": ("Harriet Head", "Head of school"),
        **more,
    }
    return compose(kind, cast.pupil("Aisha"), **given)


@pytest.mark.policy("A3-e")
@pytest.mark.policy("A4-b")
def test_letter_1_has_every_merge_field_the_target_help_and_whom_to_ring(cast: Cast) -> None:
    phone(cast)
    letter = written(cast)
    for part in (
        "Dear Pat,",
        "Aisha's attendance this school year was 93.1% (164 of 176 sessions)",
        "Tuesday 14 May 2024",
        "97%",
        "12 sessions",
        "Please ring the school office on 01273 555010",
        "Harriet Head\nHead of school\nHamsey Primary School",
    ):
        assert part in letter.text, part
    assert letter.page.to == ("Ms Pat Begum", "1 Mill Lane", "Hamsey")
    assert letter.fields["attendance_figure"] == "93.1% (164 of 176 sessions)"
    assert letter.wording == "letter-1, as shipped"


@pytest.mark.policy("A3-e")
def test_a_percentage_is_rounded_down_and_never_reaches_a_line_it_is_under(cast: Cast) -> None:
    phone(cast)
    assert "94.9% (18999 of 20000 sessions)" in written(cast, attended=18999, possible=20000).text


def test_a_school_without_a_number_is_told_before_anything_is_sent(cast: Cast) -> None:
    with pytest.raises(WordingError, match=r"Letter 1 can't be written for Aisha Begum: .*\{contact\}"):
        written(cast)


@pytest.mark.policy("5.2-e")
def test_a_child_below_compulsory_age_is_never_threatened_by_an_edited_wording(cast: Cast) -> None:
    phone(cast)
    aisha = cast.pupil("Aisha")
    schools.change_pupil(aisha, {"born": date(2020, 1, 1)}, school=cast.hamsey, **BY)
    cast.enrolments["Aisha"].pupil.refresh_from_db()
    assert "fine" not in written(cast).text
    with pytest.raises(WordingError, match="is for children of compulsory school age, which Aisha is not"):
        written(cast, "punctuality")


@pytest.mark.policy("A3-c")
def test_good_wishes_go_in_the_last_week_of_a_term_only(cast: Cast) -> None:
    phone(cast)
    assert "restful break" not in written(cast, "update-on-target").text
    assert "restful break" in written(cast, "update-on-target", last_week=True).text


@pytest.mark.policy("A3-a")
def test_the_low_update_names_authority_and_persistent_absence(cast: Cast) -> None:
    phone(cast)
    text = written(cast, "update-low").text
    assert "East Sussex County Council" in text
    assert "10% or more" in text
    assert "many reasons" in text
