"""Routes of the room `absence`: the day, and what is done about who is not there."""

from django.urls import path

from rollcall.absence.views import cpoms, day, door, friendly, late, on_site, outings, report
from rollcall.registers import paths  # noqa: F401 - its import makes the converters known

app_name = "absence"
urlpatterns = [
    # Before the schools, for a school's short name stands in the same place.
    path("door/", door.door, name="door"),
    path("door/find/", door.find, name="door_find"),
    path("door/why/", door.why, name="door_why"),
    path("door/enter/", door.enter, name="door_enter"),
    path("<slug:school>/screens/", door.devices, name="devices"),
    path("<slug:school>/screens/change/", door.device_change, name="device_change"),
    path("", day.choose, name="choose"),
    path("<slug:school>/", day.day, name="day"),
    path("<slug:school>/tick/", day.tick, name="tick"),
    path("<slug:school>/report/", report.report, name="report"),
    path("<slug:school>/report.pdf", report.report_pdf, name="report_pdf"),
    path("<slug:school>/reports/", report.reports, name="reports"),
    path("<slug:school>/reports/<day:day>/", report.report_kept, name="report_kept"),
    path("<slug:school>/reports/<day:day>/report.pdf", report.report_kept_pdf, name="report_kept_pdf"),
    path("<slug:school>/on-site/", on_site.on_site, name="on_site"),
    path("<slug:school>/late/", late.late, name="late"),
    path("late/<int:enrolment>/fill/", late.fill, name="fill"),
    path("slips/<int:slip>/confirm/", late.confirm, name="confirm"),
    path("slips/<int:slip>/undo/", late.undo, name="slip_undo"),
    path("slips/<int:slip>/receipt.pdf", late.slip_paper, {"paper": "receipt"}, name="slip_receipt"),
    path("slips/<int:slip>/a4.pdf", late.slip_paper, {"paper": "a4"}, name="slip_a4"),
    path("<slug:school>/out/", outings.out, name="out"),
    path("out/<int:enrolment>/", outings.sign_out, name="sign_out"),
    path("out/<int:enrolment>/stop/<int:link>/", outings.stop, name="stop"),
    path("outings/<int:outing>/back/", outings.back, name="back"),
    path("outings/<int:outing>/undo/", outings.undo, name="out_undo"),
    path("<slug:school>/friendly/", friendly.friendly, name="friendly"),
    path("friendly/<int:enrolment>/", friendly.log, name="friendly_log"),
    path("<slug:school>/cpoms/", cpoms.cpoms, name="cpoms"),
    path("cpoms/<int:take>/", cpoms.cpoms_take, name="cpoms_take"),
    path("cpoms/<int:take>/lines.csv", cpoms.cpoms_csv, name="cpoms_csv"),
    path("cpoms/<int:take>/records.pdf", cpoms.cpoms_pdf, name="cpoms_pdf"),
]
