"""Tells Django of the room `exchange`."""

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "rollcall.exchange"
    label = "exchange"
