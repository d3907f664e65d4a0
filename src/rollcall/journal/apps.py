"""Tells Django of the room `journal`."""

from django.apps import AppConfig


class JournalConfig(AppConfig):
    name = "rollcall.journal"
    label = "journal"
