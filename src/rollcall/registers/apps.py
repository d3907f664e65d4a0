"""Tells Django of the room `registers`."""

from django.apps import AppConfig


class RegistersConfig(AppConfig):
    name = "rollcall.registers"
    label = "registers"
