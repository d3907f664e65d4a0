"""Routes of the room `absence`: the day, and what is done about who is not there."""

from django.urls import URLPattern

app_name = "absence"
urlpatterns: list[URLPattern] = []
