"""Tells Django of the room `demo`."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "rollcall.demo"
    label = "demo"
