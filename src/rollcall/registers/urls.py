"""Routes of the room `registers`."""

from django.urls import path

from rollcall.registers import paths  # noqa: F401 - its import makes the converters known
from rollcall.registers.views import (
    cover,
    expecting,
    history,
    offline,
    paper,
    register,
    saving,
    submitting,
    today,
    wishes,
)

app_name = "registers"
SESSION = "<int:school_class>/<day:day>/<half:half>"
urlpatterns = [
    path("", today.landing, name="today"),
    path("missing/", today.missing, name="missing"),
    path("changes/", wishes.wishes, name="wishes"),
    path("changes/<int:wish>/", wishes.decide, name="decide"),
    path("cover/", cover.cover, name="cover"),
    path("cover/<int:grant>/end/", cover.end, name="cover_end"),
    path("expected/", expecting.expect, name="expect"),
    path("expected/<int:expectation>/withdraw/", expecting.withdraw, name="withdraw"),
    path("marks/<int:enrolment>/<day:day>/<half:half>/", history.history, name="history"),
    path("worker.js", offline.worker, name="worker"),
    path("offline/", offline.offline, name="offline"),
    path("<int:school_class>/paper/", paper.paper, name="paper"),
    path(f"{SESSION}/", register.register, name="register"),
    path(f"{SESSION}/save/", saving.save, name="save"),
    path(f"{SESSION}/amend/", saving.amend, name="amend"),
    path(f"{SESSION}/live/", register.live, name="live"),
    path(f"{SESSION}/submit/", submitting.submit, name="submit"),
    path(f"{SESSION}/ask/", wishes.ask, name="ask"),
]
