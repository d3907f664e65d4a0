"""Routes of the room `absence`: the day, and what is done about who is not there."""

from django.urls import path

from rollcall.absence.views import cpoms, friendly
from rollcall.registers import paths  # noqa: F401 - its import makes the converters known

app_name = "absence"
urlpatterns = [
    path("<slug:school>/friendly/", friendly.friendly, name="friendly"),
    path("friendly/<int:enrolment>/", friendly.log, name="friendly_log"),
    path("<slug:school>/cpoms/", cpoms.cpoms, name="cpoms"),
    path("cpoms/<int:take>/", cpoms.cpoms_take, name="cpoms_take"),
    path("cpoms/<int:take>/lines.csv", cpoms.cpoms_csv, name="cpoms_csv"),
    path("cpoms/<int:take>/records.pdf", cpoms.cpoms_pdf, name="cpoms_pdf"),
]
