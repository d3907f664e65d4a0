"""What goes out for CPOMS: every call, incident and action of the days, each once, as CSV and as a PDF per pupil."""

import csv
import io
from datetime import timedelta

import pytest
from pypdf import PdfReader

from rollcall.absence.actions.cpoms import take_out
from rollcall.absence.actions.friendly import log_friendly_call
from rollcall.absence.models import Alert, Call, CpomsItem
from rollcall.journal.actions import begin
from tests.cast import DAY, Cast, moment

URL = "/day/hamsey/cpoms/"


def called(cast: Cast, name: str = "Ben", words: str = "", minute: int = 32) -> Call:
    """An unanswered call at 9.32."""
    at = moment(9, minute)
    deed = begin("call.made", by=cast.actor("office"), at=at, school=cast.hamsey.pk)
    told = {"name": "Pat Carter", "number": "07700 900002", "outcome": "no_answer", "words": words}
    return Call.objects.create(enrolment=cast.enrolments[name], day=DAY, half="AM", deed=deed, **told)


def alerted(cast: Cast) -> Alert:
    """The DSL was told at 9.50 and acknowledged it at 9.52."""
    made = begin("alert.raised", by=cast.by, at=moment(9, 50), school=cast.hamsey.pk)
    heard = begin("alert.heard", by=cast.actor("dsl"), at=moment(9, 52), reason="I go round", school=cast.hamsey.pk)
    return Alert.objects.create(
        enrolment=cast.enrolments["Ben"], day=DAY, kind="unreached", to_role="dsl", deed=made, acknowledged=heard
    )


def rows(text: str) -> list[list[str]]:
    """The cells of a file."""
    return list(csv.reader(io.StringIO(text.lstrip("\ufeff"))))


@pytest.mark.policy("A6-c")
def test_calls_incidents_and_actions_go_out_with_time_pupil_text_and_who(signed_in, cast: Cast) -> None:
    called(cast)
    alerted(cast)
    client = signed_in("secretary")
    page = client.get(URL).content.decode()
    assert "Take these 3 lines out" in page
    answer = client.post(URL, {"key": "k1", "first": str(DAY), "last": str(DAY)})
    out = rows(client.get(f"{answer.url}lines.csv").content.decode())
    assert out[0] == ["date", "time", "pupil", "upn", "category", "text", "who"]
    assert [(row[0], row[1], row[4]) for row in out[1:]] == [
        ("14/05/2024", "09:32", "Attendance: call"),
        ("14/05/2024", "09:50", "Attendance: incident"),
        ("14/05/2024", "09:52", "Attendance: action"),
    ]
    assert out[1][2:4] == ["Ben Carter", cast.pupil("Ben").upn]
    assert "07700 900002" in out[1][5] and out[1][6] == "Olly Office, Office staff"
    assert "I go round" in out[3][5] and out[3][6].startswith("Dana Safeguard")


@pytest.mark.policy("A6-c")
def test_each_goes_out_once_and_the_file_can_be_fetched_again(signed_in, cast: Cast) -> None:
    called(cast)
    client = signed_in("secretary")
    span = {"first": str(DAY), "last": str(DAY)}
    first = client.post(URL, {"key": "k1", **span})
    again = client.post(URL, {"key": "k1", **span})
    assert first.url == again.url
    refused = client.post(URL, {"key": "k2", **span})
    assert refused.status_code == 422 and "has not been taken out already" in refused.content.decode()
    called(cast, minute=40)
    second = client.post(URL, {"key": "k3", **span})
    assert len(rows(client.get(f"{second.url}lines.csv").content.decode())) == 2
    assert rows(client.get(f"{first.url}lines.csv").content.decode())[1][1] == "09:32"
    assert CpomsItem.objects.count() == 2


def test_other_schools_and_other_days_stay_out(cast: Cast) -> None:
    call = called(cast, "Jade")
    with pytest.raises(ValueError, match="nothing in these days"):
        take_out(cast.hamsey, DAY, DAY, sees=True, by=cast.actor("secretary"), at=moment(15, 40))
    called(cast)
    with pytest.raises(ValueError, match="nothing in these days"):
        take_out(
            cast.hamsey,
            DAY - timedelta(days=7),
            DAY - timedelta(days=1),
            sees=True,
            by=cast.actor("secretary"),
            at=moment(15, 40),
        )
    assert call.enrolment.school_id == cast.barcombe.pk


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        ("2024-05-14", "2024-05-13", "comes before"),
        ("2024-05-14", "2024-05-15", "still to come"),
        ("", "", "Say from which day"),
    ],
)
def test_a_wrong_span_is_said_and_nothing_is_taken(signed_in, cast: Cast, first, last, said) -> None:
    called(cast)
    answer = signed_in("secretary").post(URL, {"key": "k1", "first": first, "last": last})
    assert answer.status_code == 422 and said in answer.content.decode()
    assert not CpomsItem.objects.exists()


def test_no_cell_is_a_formula(signed_in, cast: Cast) -> None:
    log_friendly_call(cast.enrolments["Ben"], DAY, "reached", words="x", by=cast.actor("office"), at=moment(15, 30))
    call = called(cast)
    type(cast.pupil("Ben")).objects.filter(pk=cast.pupil("Ben").pk).update(known_first="=cmd", known_last="x")
    client = signed_in("secretary")
    answer = client.post(URL, {"key": "k1", "first": str(DAY), "last": str(DAY)})
    out = rows(client.get(f"{answer.url}lines.csv").content.decode())
    assert out[1][2] == "'=cmd x"
    assert call.pk


@pytest.mark.policy("A6-c")
def test_a_record_for_each_pupil_as_pdf(signed_in, cast: Cast) -> None:
    called(cast, "Ben")
    called(cast, "Aisha", words="Number rings out")
    client = signed_in("dsl")
    answer = client.post(URL, {"key": "k1", "first": str(DAY), "last": str(DAY)})
    pdf = PdfReader(io.BytesIO(client.get(f"{answer.url}records.pdf").content))
    texts = [page.extract_text() for page in pdf.pages]
    assert len(texts) == 2
    assert "Aisha Begum" in texts[0] and "Number rings out" in texts[0] and "Ben" not in texts[0]


@pytest.mark.parametrize("name", ["teacher", "office", "governor", "stranger"])
def test_it_is_not_for_everybody(signed_in, cast: Cast, name: str) -> None:
    called(cast)
    assert signed_in(name).get(URL).status_code in (403, 404)


@pytest.mark.policy("A6-c", "3.3-a")
def test_that_there_is_a_social_worker_goes_out_with_the_lead_alone(signed_in, cast: Cast) -> None:
    called(cast)
    who = {"by": cast.actor("dsl"), "at": moment(10, 0)}
    made = begin("alert.raised", school=cast.hamsey.pk, **who)
    alert = Alert.objects.create(
        enrolment=cast.enrolments["Ben"], day=DAY, kind="social_worker", to_role="dsl", words="Tell Mo", deed=made
    )
    dsl, secretary, span = signed_in("dsl"), signed_in("secretary"), {"first": str(DAY), "last": str(DAY)}
    assert "social worker" not in secretary.get("/day/hamsey/alerts/").content.decode()
    assert signed_in("leader").post(f"/day/alerts/{alert.pk}/close/", {"key": "l", "words": "Told"}).status_code == 404
    dsl = signed_in("dsl")
    dsl.post(f"/day/alerts/{alert.pk}/acknowledge/", {"key": "a"})
    dsl.post(f"/day/alerts/{alert.pk}/close/", {"key": "c", "words": "The social worker was told."})
    secretary = signed_in("secretary")
    assert "social worker" not in secretary.get(URL).content.decode()
    own = secretary.post(URL, {"key": "s", **span})
    assert len(rows(secretary.get(f"{own.url}lines.csv").content.decode())) == 2
    refused = secretary.post(URL, {"key": "s2", **span})
    assert refused.status_code == 422 and "social worker" not in refused.content.decode()
    dsl = signed_in("dsl")
    take = dsl.post(URL, {"key": "d", **span})
    out = [row[5] for row in rows(dsl.get(f"{take.url}lines.csv").content.decode())[1:]]
    assert any("Tell Mo" in text for text in out) and any("The social worker was told." in text for text in out)
    secretary = signed_in("secretary")
    for url in (take.url, f"{take.url}lines.csv"):
        assert "social worker" not in secretary.get(url).content.decode().lower()
    assert secretary.get(f"{take.url}records.pdf").status_code == 404
    assert signed_in("dsl").get(f"{take.url}records.pdf").status_code == 200


@pytest.mark.policy("3.3-a")
def test_the_journal_keeps_it_apart_from_who_may_not_know(signed_in, cast: Cast) -> None:
    who = {"by": cast.actor("dsl"), "at": moment(10, 0), "school": cast.hamsey.pk}
    made = begin("alert.raised", about="Ben Carter", **who)
    closed = begin(
        "alert.closed", about="The social worker is to be told today: Ben Carter", reason="He was told", **who
    )
    Alert.objects.create(
        enrolment=cast.enrolments["Ben"], day=DAY, kind="social_worker", to_role="dsl", deed=made, closed=closed
    )
    shown = signed_in("admin").get("/office/journal/").content.decode()
    assert "social worker" not in shown and "He was told" not in shown and "Saw to an alert (kept apart)" in shown
    shown = signed_in("dsl").get("/office/journal/").content.decode()
    assert "The social worker is to be told today: Ben Carter" in shown and "He was told" in shown
