"""Tells Django of the room `outbox`."""

from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "rollcall.outbox"
    label = "outbox"
