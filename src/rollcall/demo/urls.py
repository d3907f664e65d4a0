"""Routes of the room `demo`."""

from django.urls import path

from rollcall.demo import views

app_name = "demo"
urlpatterns = [
    path("move/", views.move, name="move"),
    path("become/", views.become, name="become"),
]
