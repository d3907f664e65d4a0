"""Tells Django of the room `insight`."""

from django.apps import AppConfig


class InsightConfig(AppConfig):
    name = "rollcall.insight"
    label = "insight"
