"""Tells Django of the room `office`."""

from django.apps import AppConfig


class OfficeConfig(AppConfig):
    name = "rollcall.office"
    label = "office"
