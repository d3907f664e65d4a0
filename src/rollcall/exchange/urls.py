"""Routes of the room `exchange`."""

from django.urls import path

from rollcall.exchange import views

app_name = "exchange"
urlpatterns = [
    path("", views.files, name="files"),
    path("in/", views.bring_in, name="import"),
    path("in/<str:token>/columns/", views.columns, name="columns"),
    path("in/<str:token>/look/", views.preview, name="preview"),
    path("in/<str:token>/problems.csv", views.problems, name="problems"),
    path("in/<str:token>/give-up/", views.give_up, name="give_up"),
    path("done/<int:intake>/", views.done, name="done"),
    path("presets/<int:preset>/remove/", views.remove_preset, name="remove_preset"),
    path("out/", views.take_out, name="export"),
    path("out/file/", views.download, name="download"),
]
