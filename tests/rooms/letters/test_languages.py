"""Translations that a school supplies, hostile wordings, and names of every kind: text stays text, and letters go."""

from dataclasses import replace
from datetime import date
from io import BytesIO

import pytest
from pypdf import PdfReader

from rollcall.documents.letter import CannotSet
from rollcall.letters import actions
from rollcall.letters.fields import WordingError
from rollcall.letters.languages import code_of, language_name
from rollcall.letters.queries import check_wording, compose, drafted, paragraphs_of, recipients, wording_for
from rollcall.rules.policy import load
from rollcall.schools.models import Contact
from rollcall.schools.queries.letterheads import pdf_of
from tests.cast import DAY, Cast, moment
from tests.rooms.casework.marking import phone

POLICY = load("federation")
POLISH = (
    "Do {figure_day} obecność: {attendance_figure}. {child_first_name} opuścił(a) {missed}. Cel: {target}.\n\n"
    "Prosimy o telefon: {contact}. {recipients_first_names}, dziękujemy."
)
ARABIC = "بلغت نسبة حضور {child_first_name} {attendance_figure} حتى {figure_day}. الهدف {target}. {contact}"
HOSTILE = [
    ("{child.__class__}", "is no field"),
    ("{child_first_name.__init__.__globals__}", "is no field"),
    ("{child_first_name!r}", "is no field"),
    ("{child_first_name:>100000}", "is no field"),
    ("{0}", "is no field"),
    ("{{", "a single {"),
    ("{{ child_first_name }}", "a single {"),
    ("{% include 'x' %}", "is no field"),
    ("a\x00b", r"can't be printed \(U\+0000\)"),
    ("a\x1b[31mb", r"can't be printed \(U\+001B\)"),
    ("a\u202eb", r"can't be printed \(U\+202E\)"),
    ("x" * 100_000, "has 100,"),
]


def save(cast: Cast, language: str, body: str, **more):
    given = {"policy": POLICY, "by": cast.actor("head"), "at": moment(9, 0), "key": f"{language}-{len(body)}"} | more
    return actions.save_wording(
        "letter-1", school=cast.hamsey.pk, subject="{child_first_name}", body=body, language=language, **given
    )


def read(cast: Cast, language: str = "English", name: str = "Aisha"):
    phone(cast)
    pupil = cast.pupil(name)
    Contact.objects.filter(pupils__pupil=pupil).update(language=language)
    who = recipients(pupil.pk, DAY).written[0]
    made = compose(
        "letter-1", pupil, attended=340, possible=365, recipient=who, school=cast.hamsey, policy=POLICY, day=DAY,
        figure_day=date(2024, 5, 13), signed=("Harriet Head", "Head of school"),
    )  # fmt: skip
    return made, who.reading(made.language)


def test_a_family_reads_its_own_language_where_the_school_supplied_it(cast: Cast) -> None:
    save(cast, "polish ", POLISH, greeting="Szanowni Państwo {recipients_first_names},", closing="Z poważaniem")
    made, who = read(cast, "Polish")
    assert "Do 13/05/2024 obecność: 93.1% (340 / 365). Aisha opuścił(a) 25. Cel: 97%." in made.text
    assert made.text.startswith("14/05/2024\n\nSzanowni Państwo Pat,")
    assert made.page.language == "pl"
    assert who.note == "In Polish."
    assert "letter-1, Polish, version 1" in made.wording


def test_where_there_is_none_it_is_in_english_and_the_sender_is_told(cast: Cast) -> None:
    save(cast, "Polish", POLISH)
    made, who = read(cast, "Somali")
    assert made.language == ""
    assert "this letter is in English" in who.note
    assert wording_for("letter-1", cast.barcombe.pk, "Polish").language == ""


def test_a_translation_must_say_all_that_the_letter_must(cast: Cast) -> None:
    with pytest.raises(WordingError, match=r"must say \{contact\}"):
        save(cast, "Polish", POLISH.replace("{contact}", "nas"))


def test_a_translation_has_versions_of_its_own(cast: Cast) -> None:
    save(cast, "", "{child_first_name} {attendance_figure} {target} {contact} {recipients_first_names}")
    assert save(cast, "Polish", POLISH).version == 1
    assert save(cast, "Polish", POLISH + "!").version == 2
    assert wording_for("letter-1", cast.hamsey.pk).version == 1
    assert wording_for("letter-1", cast.hamsey.pk, "POLISH").version == 2


def test_arabic_is_set_from_right_to_left(cast: Cast) -> None:
    save(cast, "Arabic", ARABIC, greeting="السيد {recipients_first_names}", closing="مع التحية")
    made, _ = read(cast, "Arabic")
    pdf = pdf_of(made.page, DAY)
    root = PdfReader(BytesIO(pdf)).trailer["/Root"]
    assert root["/Lang"].startswith("ar")
    assert b"pdfuaid:part" in root["/Metadata"].get_data()


@pytest.mark.parametrize(
    "name",
    ["O'Brien-Þórsdóttir", "Zoë Łukasz Şükrü", "عائشة بنت محمد", "Ірина Коваль", "Ελένη", "ä" * 80, "=Ann #read(1)"],
)
def test_a_name_of_any_kind_goes_into_a_letter(cast: Cast, name: str) -> None:
    pupil = cast.pupil("Aisha")
    Contact.objects.filter(pupils__pupil=pupil).update(last=name[:80], address="1 Mill Lane\nLewes")
    pupil.known_first = name[:80]
    pupil.save()
    made, who = read(cast)
    assert name in made.text
    assert who.name.endswith(name)
    assert pdf_of(made.page, DAY)[:5] == b"%PDF-"


def test_a_script_that_no_typeface_has_is_named_in_a_sentence(cast: Cast) -> None:
    made, _ = read(cast)
    with pytest.raises(CannotSet, match="our typeface has no"):
        pdf_of(replace(made.page, subject="愛紗"), DAY)


@pytest.mark.policy("A3-f")
@pytest.mark.parametrize(("body", "said"), HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_wording_is_refused_and_nothing_of_it_runs(cast: Cast, body: str, said: str) -> None:
    with pytest.raises(WordingError, match=said):
        check_wording(POLICY.letter("letter-1"), drafted("letter-1", None, "About", body))


@pytest.mark.parametrize("text", ['#read("/etc/passwd")', '#import "x": *', "<script>alert(1)</script>", "$x$ `a`"])
def test_markup_of_any_kind_is_text(cast: Cast, text: str) -> None:
    save(cast, "", wording_for("letter-1", None).body + "\n\n" + text)
    made, _ = read(cast)
    assert text in made.text
    assert pdf_of(made.page, DAY)[:5] == b"%PDF-"


def test_the_law_is_for_compulsory_age_alone_in_an_edited_wording_too(cast: Cast) -> None:
    letter, base = POLICY.letter("letter-3"), wording_for("letter-3", None)
    check_wording(letter, base)
    with pytest.raises(WordingError, match="paragraph about the law only"):
        check_wording(letter, replace(base, body=base.body + " You may get a fine."))
    with pytest.raises(WordingError, match="paragraph about the law only"):
        check_wording(letter, replace(base, wishes="No fine this time."))


def test_lists_stay_lists_and_paragraphs_are_one_line() -> None:
    text = "One\ntwo\n\nDays:\n- Monday\n- Tuesday\nafter\n\n- last"
    assert paragraphs_of(text) == ("One two", "Days:", "- Monday\n- Tuesday", "after", "- last")


def test_languages_are_known_by_their_names() -> None:
    assert language_name(" english ") == ""
    assert language_name("URDU") == "Urdu"
    assert language_name("Klingon") == "Klingon"
    assert (code_of("Urdu"), code_of("Klingon"), code_of("")) == ("ur", "en", "en")
