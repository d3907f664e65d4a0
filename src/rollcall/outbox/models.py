"""Messages as they will go, and every attempt to send them. A message is never edited; its state is its attempts."""

from django.db import models

from rollcall.journal.models import Deed


class Message(models.Model):
    """One finished message to one adult: an e-mail, or a letter to print.

    `ground` and `ground_id` say what it rests on; just before sending, the room that has the reason is asked whether
    it still stands. `once` is the act it belongs to, so that the same act never makes a second message.
    """

    CHANNELS = [("email", "E-mail"), ("print", "Printed letter")]
    STATES = [
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
    state = models.CharField(max_length=10, choices=STATES, default="waiting")
    next_try = models.DateTimeField()
    made_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["state", "next_try"]), models.Index(fields=["school", "-made_at"])]

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
