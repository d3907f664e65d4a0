"""Where an uploaded file lies until it is brought in: one folder, a name that can't be guessed, gone afterwards."""

import secrets
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings


def folder() -> Path:
    """The folder, made where it is not there; nobody else on the machine may read it."""
    place = Path(settings.MEDIA_ROOT) / "coming-in"
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    return place


def put(chunks: Iterable[bytes]) -> str:
    """Write a file down chunk by chunk; returns its token."""
    token = secrets.token_urlsafe(24)
    path = folder() / token
    path.touch(mode=0o600)
    with path.open("wb") as stream:
        for chunk in chunks:
            stream.write(chunk)
    return token


def take(token: str) -> bytes:
    """The content of a file that waits; raises FileNotFoundError where it is gone."""
    return (folder() / token).read_bytes()


def drop(token: str) -> None:
    """Remove a file; one that is gone already is no fault."""
    (folder() / token).unlink(missing_ok=True)
