"""Every address, room by room."""

from django.urls import include, path

urlpatterns = [
    path("", include("rollcall.insight.urls")),
    path("registers/", include("rollcall.registers.urls")),
    path("day/", include("rollcall.absence.urls")),
    path("", include("rollcall.casework.urls")),
    path("office/", include("rollcall.office.urls")),
    path("files/", include("rollcall.exchange.urls")),
    path("demo/", include("rollcall.demo.urls")),
    path("account/", include("allauth.account.urls")),
]
