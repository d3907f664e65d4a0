"""Routes of the room `insight`."""

from django.urls import path

from rollcall.insight import views

app_name = "insight"
urlpatterns = [
    path("pupils/<int:pupil>/", views.pupil, name="pupil"),
]
