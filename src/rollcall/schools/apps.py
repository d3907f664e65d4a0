"""Tells Django of the room `schools`."""

from django.apps import AppConfig


class SchoolsConfig(AppConfig):
    name = "rollcall.schools"
    label = "schools"
