"""The pages about files: each step, what they cost, who reaches them, and files that mean harm."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from rollcall.exchange import waiting
from rollcall.exchange.actions import sweep
from rollcall.exchange.models import Draft, Intake, Preset
from rollcall.journal import actions as journal
from rollcall.journal.models import Look
from rollcall.registers.models import Entry
from rollcall.schools.models import Hold, Pupil
from tests.cast import Cast, moment
from tests.rooms.exchange.files import as_csv
from tests.rooms.exchange.test_marks_in import HEAD, layouts, row
from tests.rooms.exchange.test_pupils_in import EMMA
from tests.rooms.exchange.test_pupils_in import HEAD as PUPIL_HEAD


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path, clock) -> None:
    settings.MEDIA_ROOT = tmp_path
    clock(moment(12, 0))


@pytest.fixture
def secretary(signed_in, clock) -> Client:
    """Hamsey's secretary at noon."""
    client = signed_in("secretary")
    clock(moment(12, 0))
    return client


def upload(client: Client, cast: Cast, content: bytes, kind: str = "marks", name: str = "marks.csv"):
    """Send a file; the answer to it."""
    file = SimpleUploadedFile(name, content)
    return client.post("/files/in/", {"school": cast.hamsey.pk, "kind": kind, "year": 2023, "file": file})


def mapped(client: Client, where: str, **changes):
    """Send the mapping page as it was shown, with some fields otherwise."""
    page = client.get(where)
    form = page.context["form"]
    data = {name: form[name].value() for name in form.fields}
    sent = {key: value for key, value in data.items() if value not in (None, False)}
    sent |= {"shown_row": page.context["layout"].heading_row, "heading_rows": page.context["layout"].heading_rows}
    return client.post(where, sent | changes)


def to_preview(client: Client, cast: Cast, content: bytes, kind: str = "marks", **changes) -> str:
    """Go through upload and mapping; the address of the preview."""
    where = upload(client, cast, content, kind)["Location"]
    answer = mapped(client, where, **changes)
    assert answer.status_code == 302, answer.context["form"].errors
    return answer["Location"]


def press(client: Client, where: str, **more):
    """Press the button of the preview."""
    page = client.get(where).content.decode()
    found = dict(re.findall(r'name="(key|seen)" value="(\w+)"', page))
    return client.post(where, found | more), found


def test_a_file_goes_in_step_by_step(secretary: Client, cast: Cast, django_assert_max_num_queries) -> None:
    content = as_csv([HEAD, row(cast, "Aisha", "/"), row(cast, "Ben", "L", minutes=12)])
    where = upload(secretary, cast, content)["Location"]
    with django_assert_max_num_queries(12):
        assert "What do the columns hold?" in secretary.get(where).content.decode()
    look = mapped(secretary, where)["Location"]
    secretary.get(look)  # the school's facts are in memory from here on
    with django_assert_max_num_queries(12):
        page = secretary.get(look).content.decode()
    assert "2 new, 0 changed" in page and "Aisha Begum" in page and "12 minutes" in page
    assert Entry.objects.count() == 0
    answer, _ = press(secretary, look)
    assert answer["Location"] == f"/files/done/{Intake.objects.get().pk}/"
    assert Entry.objects.count() == 2
    assert "Sue Secretary" in secretary.get(answer["Location"]).content.decode()
    assert Draft.objects.count() == 0 and list(waiting.folder().iterdir()) == []
    with django_assert_max_num_queries(12):
        assert "marks.csv" in secretary.get("/files/").content.decode()


def test_whoever_brought_a_file_in_is_led_on_to_what_is_next(secretary: Client, cast: Cast) -> None:
    done, _ = press(secretary, to_preview(secretary, cast, as_csv([HEAD, row(cast, "Aisha", "/")])))
    page = secretary.get(done["Location"]).content.decode()
    led = re.search(r'href="([^"]*)">What is next in set-up<', page)
    assert led is not None
    assert secretary.get(led[1]).status_code == 200


@pytest.mark.parametrize("which", range(6))
@pytest.mark.policy("A6-c")
def test_unlike_layouts_go_through_the_pages_as_they_were_guessed(secretary: Client, cast: Cast, which: int) -> None:
    content = list(layouts(cast).values())[which]
    look = to_preview(secretary, cast, content)
    page = secretary.get(look).content.decode()
    assert "4 new, 0 changed" in page
    assert press(secretary, look)[0].status_code == 302
    assert sorted(Entry.objects.values_list("code", flat=True)) == ["/", "I", "I", "\\"]


def test_the_same_press_twice_is_one_intake(secretary: Client, cast: Cast) -> None:
    look = to_preview(secretary, cast, as_csv([HEAD, row(cast, "Aisha", "/")]))
    answer, sent = press(secretary, look)
    again = secretary.post(look, sent)
    assert again["Location"] == answer["Location"] and Entry.objects.count() == 1


def test_a_key_that_was_used_for_something_else_writes_nothing(secretary: Client, cast: Cast) -> None:
    journal.begin("something.else", by=cast.by, at=cast.at, key="used")
    look = to_preview(secretary, cast, as_csv([HEAD, row(cast, "Aisha", "/")]))
    answer = secretary.post(look, {"key": "used"})
    assert "used for something else" in answer.content.decode() and not Entry.objects.exists()


def test_the_same_file_twice_says_so(secretary: Client, cast: Cast) -> None:
    content = as_csv([HEAD, row(cast, "Aisha", "/")])
    press(secretary, to_preview(secretary, cast, content))
    page = secretary.get(to_preview(secretary, cast, content)).content.decode()
    assert "Nothing would change" in page and "1 mark alike" in page and "Bring it in" not in page


def test_bad_cells_are_shown_and_can_be_taken_away_as_a_file(secretary: Client, cast: Cast) -> None:
    rows = [row(cast, "Aisha", "/", day="2024-05-06")] + [["nobody", "2024-05-13", "AM", "/", ""]] * 60
    look = to_preview(secretary, cast, as_csv([HEAD, *rows]))
    page = secretary.get(look).content.decode()
    assert "61 cells can't be used" in page and "the first 50 are below" in page and "Bring it in" not in page
    told = secretary.get(look.replace("look/", "problems.csv")).content.decode("utf-8-sig")
    assert len(told.splitlines()) == 62 and "closed on Monday 6 May 2024" in told
    assert press(secretary, look)[0].status_code == 200 and Entry.objects.count() == 0


def test_pupils_go_in_and_their_changes_are_shown(secretary: Client, cast: Cast) -> None:
    content = as_csv([PUPIL_HEAD, EMMA, [cast.pupil("Ben").upn, "Carter", "Benjamin", "", "", "", "", ""]])
    look = to_preview(secretary, cast, content, "pupils")
    page = secretary.get(look).content.decode()
    assert "1 new, 1 changed" in page and "Emma Moss" in page and "Benjamin" in page
    press(secretary, look)
    assert Pupil.objects.filter(legal_first="Benjamin").exists() and Pupil.objects.filter(legal_first="Emma").exists()


@pytest.mark.policy("A6-c")
def test_words_that_nobody_knows_are_asked_and_kept_in_a_preset(secretary: Client, cast: Cast) -> None:
    head = ["UPN", "When", "Which", "What"]
    content = as_csv([head, [cast.pupil("Aisha").upn, "13/05/2024", "dawn", "present"]])
    where = upload(secretary, cast, content)["Location"]
    columns = {"column_0": "upn", "column_1": "date", "column_2": "session", "column_3": "code"}
    asked = mapped(secretary, where, **columns)
    assert asked.status_code == 200 and "“dawn” stands for" in asked.content.decode()
    words = {f"session_{b'dawn'.hex()}": "AM", f"code_{b'present'.hex()}": "/"}
    look = mapped(secretary, where, **columns, **words, save_as="The old system")["Location"]
    assert press(secretary, look)[0]["Location"].startswith("/files/done/")
    preset = Preset.objects.get()
    assert preset.layout["codes"] == {"present": "/"} and preset.layout["sessions"] == {"dawn": "AM"}
    again = as_csv([["Made on Friday"], head, [cast.pupil("Ben").upn, "13/05/2024", "dawn", "present"]])
    where = upload(secretary, cast, again)["Location"]
    assert mapped(secretary, f"{where}?preset=saved:{preset.pk}").status_code == 302
    assert "Ben Carter" in secretary.get(where.replace("columns/", "look/")).content.decode()
    secretary.post(f"/files/presets/{preset.pk}/remove/")
    assert not Preset.objects.exists()


def test_another_row_of_headings_can_be_chosen(secretary: Client, cast: Cast) -> None:
    content = as_csv([["x", "y", "z"], HEAD, row(cast, "Ben", "/")])
    where = upload(secretary, cast, content)["Location"]
    assert secretary.get(where).context["layout"].heading_row == 2
    page = mapped(secretary, where, heading_row="1")
    assert page.status_code == 200 and page.context["layout"].heading_row == 1
    assert "blank or not there" in mapped(secretary, where, heading_row="99").content.decode()


def test_two_columns_cant_hold_the_same_and_what_is_needed_is_named(secretary: Client, cast: Cast) -> None:
    where = upload(secretary, cast, as_csv([HEAD, row(cast, "Ben", "/")]))["Location"]
    twice = mapped(secretary, where, column_1="upn")
    assert "is the column pupil already" in twice.content.decode()
    assert "Choose the column that holds the date" in twice.content.decode()


def test_a_preset_without_a_source_says_so(secretary: Client, cast: Cast) -> None:
    where = upload(secretary, cast, as_csv([HEAD, row(cast, "Ben", "/")]))["Location"]
    page = secretary.get(f"{where}?preset=shipped:SIMS").content.decode()
    assert "SIMS: unverified: no source for this layout" in page


@pytest.mark.policy("4.1-c")
def test_marks_that_stand_are_changed_with_a_reason_or_not_at_all(secretary: Client, signed_in, cast: Cast) -> None:
    press(secretary, to_preview(secretary, cast, as_csv([HEAD, row(cast, "Ben", "N")])))
    other = as_csv([HEAD, row(cast, "Ben", "I")])
    look = to_preview(secretary, cast, other)
    assert "Say why marks that stand are changed" in press(secretary, look)[0].content.decode()
    assert press(secretary, look, reason="the parent rang")[0].status_code == 302
    admin = signed_in("admin")
    page = admin.get(to_preview(admin, cast, as_csv([HEAD, row(cast, "Ben", "O")]))).content.decode()
    assert "you may not amend the register" in page and "Bring it in" not in page


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"", "empty"), (b"%PDF-1.4", "PDF"), (b"\x00\x01\x02", "not text"), (b"PK\x03\x04zip", "damaged")],
)
def test_what_is_no_table_is_said_beside_the_field(secretary: Client, cast: Cast, content: bytes, words: str) -> None:
    answer = upload(secretary, cast, content)
    assert answer.status_code == 200 and words in answer.content.decode()
    assert Draft.objects.count() == 0 and list(waiting.folder().iterdir()) == []


def test_a_file_of_500_mb_is_refused_by_its_length_alone(secretary: Client, cast: Cast) -> None:
    answer = secretary.generic(
        "POST", "/files/in/", b"--x", content_type="multipart/form-data; boundary=x", CONTENT_LENGTH="500000000"
    )
    assert answer.status_code == 413 and "larger than 20 MB" in answer.content.decode()


def test_an_upload_without_a_token_is_refused(cast: Cast, secretary: Client) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = secretary.cookies
    assert upload(strict, cast, b"a,b\n1,2\n").status_code == 403


def test_nobody_goes_on_with_anothers_file(secretary: Client, signed_in, cast: Cast) -> None:
    where = upload(secretary, cast, as_csv([HEAD, row(cast, "Ben", "/")]))["Location"]
    for name in ("head", "stranger"):
        other = signed_in(name)
        for step in ("columns/", "look/", "problems.csv"):
            assert other.get(where.replace("columns/", step)).status_code == 404
        assert other.post(where.replace("columns/", "give-up/")).status_code == 404
    assert signed_in("teacher").get(where).status_code == 403
    assert secretary.get(where).status_code == 200


def test_nobody_brings_in_at_or_takes_out_of_another_school(signed_in, cast: Cast) -> None:
    stranger = signed_in("stranger")
    answer = upload(stranger, cast, as_csv([HEAD, row(cast, "Ben", "/")]))
    assert answer.status_code == 200 and "school" in answer.context["form"].errors
    assert stranger.get(f"/files/out/file/?school={cast.hamsey.pk}&year=2023&what=marks").status_code == 400


def test_a_file_can_be_given_up_and_old_ones_are_swept(secretary: Client, cast: Cast) -> None:
    content = as_csv([HEAD, row(cast, "Ben", "/")])
    where = upload(secretary, cast, content)["Location"]
    secretary.post(where.replace("columns/", "give-up/"))
    assert Draft.objects.count() == 0 and list(waiting.folder().iterdir()) == []
    upload(secretary, cast, content)
    assert sweep(at=moment(12, 0, cast.at.date().replace(day=16))) == 1
    assert list(waiting.folder().iterdir()) == []


def test_a_file_that_is_gone_is_asked_for_again(secretary: Client, cast: Cast) -> None:
    where = upload(secretary, cast, as_csv([HEAD, row(cast, "Ben", "/")]))["Location"]
    waiting.drop(Draft.objects.get().token)
    answer = secretary.get(where, follow=True)
    assert "no longer here; choose it again" in answer.content.decode()


def pupils_with_a_hold(cast: Cast) -> bytes:
    """A file that holds messages about Ben and says of his needs."""
    return as_csv([["UPN", "SEN", "Hold: why", "Hold from"], [cast.pupil("Ben").upn, "K", "illness", "2024-05-13"]])


@pytest.mark.policy("3.6-a")
def test_a_hold_comes_in_through_who_may_change_a_pupils_details(secretary: Client, cast: Cast) -> None:
    where = upload(secretary, cast, pupils_with_a_hold(cast), "pupils")["Location"]
    page = secretary.get(where).content.decode()
    assert 'label="Holds, part-time, exclusions"' in page and "Part-time: sessions not attended" in page
    look = mapped(secretary, where)["Location"]
    page = secretary.get(look).content.decode()
    assert "Serious illness from 13 May 2024 to further notice" in page
    press(secretary, look)
    assert Hold.objects.get().pupil == cast.pupil("Ben") and Hold.objects.get().deed.name == "Sue Secretary"


@pytest.mark.policy("3.6-a")
def test_who_may_not_change_a_pupils_details_is_not_offered_its_columns(signed_in, cast: Cast, clock) -> None:
    administrator = signed_in("admin")
    clock(moment(12, 0))
    where = upload(administrator, cast, pupils_with_a_hold(cast), "pupils")["Location"]
    assert "Holds, part-time" not in administrator.get(where).content.decode()
    forced = mapped(administrator, where, column_2="hold_kind", column_3="hold_begins")
    assert forced.status_code == 200 and "column_2" in forced.context["form"].errors
    look = mapped(administrator, where)["Location"]
    assert "Not read: Hold: why, Hold from" in administrator.get(look).content.decode()
    press(administrator, look)
    assert Pupil.objects.get(pk=cast.pupil("Ben").pk).sen == "K" and not Hold.objects.exists()


@pytest.mark.policy("7.1-c")
def test_what_goes_out_is_noted_and_shows_only_what_one_may_see(signed_in, cast: Cast) -> None:
    where = f"/files/out/file/?school={cast.hamsey.pk}&year=2023&what="
    analyst, head = signed_in("analyst"), signed_in("head")
    assert b"".join(analyst.get(where + "marks")).startswith(b"pupil,date,session,code,minutes_late,school,edition\n")
    pupils = b"".join(analyst.get(where + "pupils")).decode()
    assert "Aisha" in pupils and not any(word in pupils for word in ("Contact 1", "Child protection", "Hold"))
    assert "Hold: why" in b"".join(head.get(where + "pupils")).decode()
    assert "Child protection" in b"".join(head.get(where + "pupils")).decode()
    assert b"".join(head.get(where + "figures")).count(b"\n") == 10
    assert Look.objects.filter(what="export", name="Ana Analyst").count() == 2


def test_a_hostile_cell_is_shown_as_text_and_goes_out_harmless(secretary: Client, cast: Cast) -> None:
    content = as_csv([HEAD, [cast.pupil("Ben").upn, "=cmd|' /C calc'!A0", "AM", "<script>", ""]])
    where = upload(secretary, cast, content)["Location"]
    page = secretary.get(where).content.decode()
    assert "<script>" not in page.split("<main", 1)[1].split("</main>")[0]
    ben = cast.pupil("Ben")
    ben.medical = "=1+1"
    ben.save()
    told = b"".join(secretary.get(f"/files/out/file/?school={cast.hamsey.pk}&year=2023&what=pupils")).decode()
    assert "'=1+1" in told
