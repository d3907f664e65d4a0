"""The policy page: every value with its source, flags for leaders, adopting from a date, history as it was judged."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from rollcall.registers.queries.figures import year_figures
from rollcall.rules.policy import loads, shipped_text
from rollcall.rules.stages import stage_of
from rollcall.schools.models import PolicyVersion
from rollcall.schools.queries import facts_of
from rollcall.schools.queries.policies import flags
from tests.cast import Cast, moment
from tests.rooms.casework.marking import fill, missed
from tests.rooms.office.typing_in import fields_of, fill_in, said

DATES = {"effective": "2024-08-26", "approved": "2024-07-01", "review": "2027-06-01"}
WISH, ADOPT = "office:policy_wish", "office:policy_adopt"


def wish(client, **typed):
    return fill_in(client, reverse(WISH), **({"source": "national"} | DATES | typed))


def adopt(client, **typed):
    preview = wish(client, **typed)
    assert preview.status_code == 200, said(preview)
    return client.post(reverse(ADOPT), fields_of(preview.content.decode()))


@pytest.mark.policy("8-a")
def test_the_policy_in_force_shows_every_value_with_its_section_and_source(signed_in, cast: Cast) -> None:
    page = said(signed_in("teacher").get(reverse("office:policy")))
    for line in loads(shipped_text("federation"), "federation").explain():
        assert " ".join(line.text.split()) in page, line.key
    assert "Approved by the board Friday 1 July 2022" in page and "Next review Tuesday 1 July 2025" in page


@pytest.mark.policy("2-a")
@pytest.mark.policy("9-a")
def test_the_law_it_rests_on_and_the_policies_it_goes_with_are_named(signed_in, cast: Cast) -> None:
    page = said(signed_in("governor").get(reverse("office:policy")))
    policy = loads(shipped_text("federation"), "federation")
    for one in (*policy.law, *policy.links):
        assert one.name in page


@pytest.mark.policy("8-a")
def test_an_overdue_review_is_flagged_to_leaders(signed_in, cast: Cast, clock) -> None:
    head, teacher = signed_in("head"), signed_in("teacher")
    assert "overdue" not in said(head.get(reverse("office:setup")))
    clock(moment(9, 0, date(2025, 9, 1)))
    assert "is overdue" in said(signed_in("exec").get("/", follow=True))
    clock(moment(9, 0, date(2025, 9, 1)))
    for page in ("/", reverse("office:setup"), reverse("office:policy")):
        assert "was due on 1 July 2025 and is overdue" in said(head.get(page))
    assert "is overdue" not in said(teacher.get(reverse("office:policy")))


def test_a_newer_edition_of_the_law_is_flagged_and_the_template_offered(signed_in, cast: Cast, clock) -> None:
    admin = signed_in("admin")
    assert "since then the law" not in said(admin.get(reverse("office:policy")))
    clock(moment(9, 0, date(2024, 9, 2)))
    page = admin.get(reverse("office:policy"))
    assert "written under the law of 2006; since then the law of 2024 is in force" in said(page)
    assert f'href="{reverse(WISH)}?source=national"' in page.content.decode()
    assert fields_of(admin.get(f"{reverse(WISH)}?source=national").content.decode())["source"] == "national"


def test_what_changes_is_shown_before_anything_is_adopted(signed_in, cast: Cast) -> None:
    preview = wish(signed_in("admin"))
    page = said(preview)
    assert "Before you adopt it" in page and "What changes:" in page
    assert PolicyVersion.objects.count() == 1
    adopt(signed_in("admin"))
    made = PolicyVersion.objects.get(effective=date(2024, 8, 26))
    assert made.document == shipped_text("national")
    listed = said(signed_in("governor").get(reverse("office:policy_version", args=[made.pk])))
    assert "The edition of the law" not in listed and "What changes:" in listed
    assert flags(date(2024, 9, 2)) == []


def test_adopting_twice_is_one_version(signed_in, cast: Cast) -> None:
    admin = signed_in("admin")
    data = fields_of(wish(admin).content.decode())
    for _ in range(2):
        assert admin.post(reverse(ADOPT), data).status_code == 302
    assert PolicyVersion.objects.count() == 2


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("effective", "2024-05-14", "choose a day after today"),
        ("approved", "2024-09-01", "must have approved the policy before it takes effect"),
        ("review", "2027-07-02", "at most 3 years after"),
    ],
)
@pytest.mark.policy("8-a")
def test_dates_that_cannot_be_are_refused_beside_their_field(signed_in, cast: Cast, field, typed, sentence) -> None:
    answer = wish(signed_in("admin"), **{field: typed})
    assert answer.status_code == 422
    assert sentence in answer.context["form"].errors[field][0]


def test_an_uploaded_file_is_checked_line_by_line(signed_in, cast: Cast) -> None:
    text = shipped_text("federation").replace('edition = "2006"', 'edition = "1999"')
    text = text.replace("code_within_working_days = { value = 5,", 'code_within_working_days = { value = "five",')
    file = SimpleUploadedFile("ours.toml", text.encode())
    answer = wish(signed_in("admin"), source="file", file=file)
    lines = answer.context["form"].errors["file"]
    assert any(line.startswith("ours.toml: edition is '1999'; expected") for line in lines)
    assert any("registers.code_within_working_days" in line and "'five'" in line for line in lines)
    assert "ours.toml" in said(answer)
    binary = wish(signed_in("admin"), source="file", file=SimpleUploadedFile("photo.toml", b"\xff\xfe\x00"))
    assert "is not text in UTF-8" in said(binary)
    assert "Choose the file." in said(wish(signed_in("admin"), source="file"))


def test_a_file_of_ones_own_is_adopted_with_the_one_value_that_changes(signed_in, cast: Cast) -> None:
    text = shipped_text("federation").replace("target_percent = { value = 97,", "target_percent = { value = 96.5,")
    file = SimpleUploadedFile("ours.toml", text.encode())
    preview = wish(signed_in("admin"), source="file", file=file)
    assert "What changes: 1 value" in said(preview)
    assert [(one.before, one.after) for one in preview.context["differences"]] == [("97%", "96.5%")]


@pytest.mark.policy("8-b")
def test_history_is_judged_by_the_version_in_force_on_its_own_date(signed_in, cast: Cast) -> None:
    fill(cast, {"Ben": missed(12)})
    facts, day = facts_of(cast.hamsey.pk), date(2024, 5, 13)
    ben = cast.enrolments["Ben"].pk
    before = year_figures(cast.hamsey.pk, [ben], 2023, moment(9, 0))[ben]
    stage = stage_of(before.attended, before.possible, facts.policy_on(day))
    old, new = ('name = "Monitoring"\nfrom_percent = ' + line for line in ("95", "96.9"))
    text = shipped_text("federation").replace(old, new)
    adopt(signed_in("admin"), source="file", file=SimpleUploadedFile("ours.toml", text.encode()))
    facts = facts_of(cast.hamsey.pk)
    after = year_figures(cast.hamsey.pk, [ben], 2023, moment(9, 0))[ben]
    assert (after.attended, after.possible) == (before.attended, before.possible)
    assert facts.policy_on(day).measures == loads(shipped_text("federation"), "then").measures
    assert stage_of(after.attended, after.possible, facts.policy_on(day)) == stage == 1
    assert stage_of(after.attended, after.possible, facts.policy_on(date(2024, 8, 26))) == 2
    assert facts.policy_id_on(date(2024, 8, 25)) != facts.policy_id_on(date(2024, 8, 26))


def test_only_who_may_adopts(signed_in, cast: Cast) -> None:
    for name in ("head", "secretary", "governor", "stranger"):
        assert signed_in(name).get(reverse(WISH)).status_code == 403
        assert signed_in(name).post(reverse(ADOPT), DATES).status_code == 403
