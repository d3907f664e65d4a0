"""Tells Django of the room `absence`."""

from django.apps import AppConfig


class AbsenceConfig(AppConfig):
    name = "rollcall.absence"
    label = "absence"
