"""Messages as they will go, every attempt to send them, who carries them, and which kinds go by themselves.

A message is never edited, save that a secret link is taken out of it once it has gone or has run out.
"""

from django.db import models

from rollcall.journal.models import Deed


class Message(models.Model):
    """One finished message to one adult: an e-mail, a text, a letter to print or one that is printed for us.

    `ground` and `ground_id` say what it rests on; just before sending, the room that has the reason is asked whether
    it still stands. `once` is the act it belongs to, so that the same act never makes a second message. `kind` is
    what the school switches; `seen` says that a person saw it and pressed send. `secret` stands for the mark in
    `body` and is wiped after use; nothing goes after `expires`. `carrier`, with its number and last word on the
    message, is who took it; `again` counts the times a person let it go anew under a new reference.
    """

    CHANNELS = [("email", "E-mail"), ("text", "Text message"), ("print", "Printed letter"), ("letter", "Posted letter")]
    STATES = [
        ("held", "Waits to be looked at"),
        ("off", "Not sent: switched off"),
        ("waiting", "Waiting"),
        ("sending", "Being sent"),
        ("sent", "Sent"),
        ("failed", "Failed"),
        ("stopped", "Stopped: its ground is gone"),
        ("unsure", "May have gone"),
    ]

    once = models.CharField(max_length=120, unique=True)
    deed = models.ForeignKey(Deed, on_delete=models.PROTECT, related_name="messages")
    school = models.BigIntegerField()
    channel = models.CharField(max_length=10, choices=CHANNELS)
    to_name = models.CharField(max_length=120)
    to_address = models.TextField()
    subject = models.CharField(max_length=200)
    body = models.TextField()
    pdf = models.BinaryField(null=True)
    pdf_name = models.CharField(max_length=120, blank=True)
    evidence = models.JSONField(default=dict)
    ground = models.CharField(max_length=40)
    ground_id = models.BigIntegerField()
    pupil = models.BigIntegerField(null=True)
    kind = models.CharField(max_length=40, blank=True)
    seen = models.BooleanField(default=False)
    secret = models.TextField(blank=True)
    expires = models.DateTimeField(null=True)
    state = models.CharField(max_length=10, choices=STATES, default="waiting")
    next_try = models.DateTimeField()
    made_at = models.DateTimeField()
    carrier = models.CharField(max_length=10, blank=True)
    carrier_id = models.CharField(max_length=60, blank=True)
    carrier_status = models.CharField(max_length=40, blank=True)
    again = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    next_look = models.DateTimeField(null=True)
    settled = models.ForeignKey(Deed, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [
            models.Index(fields=["state", "next_try"]),
            models.Index(fields=["school", "-made_at"]),
            models.Index(fields=["next_look"]),
            models.Index(fields=["carrier_id"]),
        ]

    def __str__(self) -> str:
        return f"{self.subject} to {self.to_name}"


class Attempt(models.Model):
    """One try at sending a message, and what came of it."""

    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="attempts")
    at = models.DateTimeField()
    outcome = models.CharField(max_length=20)
    detail = models.TextField(blank=True)
    by = models.CharField(max_length=120)

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.outcome} at {self.at}"


class Carrier(models.Model):
    """What is known of who carries messages: away since when and why, when to knock again, when to ask for failures."""

    name = models.CharField(max_length=10, unique=True)
    away_since = models.DateTimeField(null=True)
    why = models.CharField(max_length=120, blank=True)
    detail = models.TextField(blank=True)
    tries = models.PositiveIntegerField(default=0)
    next_try = models.DateTimeField(null=True)
    next_sweep = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class Switch(models.Model):
    """How a kind of message goes at a school from this deed on: not at all, when a person has seen it, by itself."""

    MODES = [("off", "Off"), ("ask", "Ask first"), ("send", "Send")]

    school = models.BigIntegerField()
    kind = models.CharField(max_length=40)
    mode = models.CharField(max_length=4, choices=MODES)
    deed = models.ForeignKey(Deed, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["school", "kind", "-id"])]

    def __str__(self) -> str:
        return f"{self.kind} at {self.school}: {self.mode}"
