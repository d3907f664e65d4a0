"""Tells Django of the room `letters`."""

from django.apps import AppConfig


class LettersConfig(AppConfig):
    name = "rollcall.letters"
    label = "letters"
