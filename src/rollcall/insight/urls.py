"""Routes of the room `insight`."""

from django.urls import path

from rollcall.insight import views

app_name = "insight"
urlpatterns = [
    path("", views.home, name="home"),
    path("pupils/", views.list_pupils, name="pupils"),
    path("pupils/<int:pupil>/", views.pupil, name="pupil"),
    path("pupils/<int:pupil>/happened/", views.all_happened, name="happened"),
    path("classes/<int:school_class>/", views.of_class, name="class"),
    path("schools/", views.schools, name="schools"),
    path("schools/<slug:school>/", views.of_school, name="school"),
    path("schools/<slug:school>/absences/", views.absences, name="absences"),
]
