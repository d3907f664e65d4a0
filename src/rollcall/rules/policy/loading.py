"""How a policy comes in: from a shipped name, a file, a text or a snapshot, checked, with a line for all that is wrong.

A line names the file, the key with its place in a list, the value found and what was expected.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from rollcall.rules.policy.checks import Wrong, contradictions
from rollcall.rules.policy.model import Policy
from rollcall.rules.policy.values import number_text

EXPECTED = {
    "int_type": "a whole number",
    "time_type": "a time such as 09:15:00",
    "string_type": "text in quotes",
    "bool_type": "true or false",
    "tuple_type": "a list in square brackets",
    "model_type": "a table of keys",
    "string_too_short": "text that is not empty",
    "too_short": "at least one entry",
    "missing": "this key",
    "extra_forbidden": "no such key",
}
LONGEST = 60


class PolicyError(ValueError):
    """A policy that can't be used; its message has one line for each thing that is wrong."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        """Keep the lines, for a page that shows them as a list."""
        super().__init__("\n".join(problems))
        self.problems = problems


def names() -> tuple[str, ...]:
    """The names of the policies that are shipped, which `load` takes."""
    shipped = files("rollcall.rules") / "policies"
    return tuple(sorted(file.name.removesuffix(".toml") for file in shipped.iterdir() if file.name.endswith(".toml")))


def shipped_text(name: str) -> str:
    """The document of a shipped policy as it stands, to be adopted; raises LookupError naming those there are."""
    if name not in names():
        raise LookupError(f"'{name}' is no shipped policy; there are {', '.join(names())}.")
    return (files("rollcall.rules") / "policies" / f"{name}.toml").read_text(encoding="utf-8")


def load(name_or_path: str | Path) -> Policy:
    """A shipped policy by its name, or a policy from a TOML file by its path; raises PolicyError."""
    if isinstance(name_or_path, str) and name_or_path in names():
        return _shipped(name_or_path)
    path = Path(name_or_path)
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        known = ", ".join(names())
        raise PolicyError((f"{path}: no policy can be read here; give a TOML file or one of: {known}.",)) from None
    return loads(text, path.name)


def loads(text: str, where: str) -> Policy:
    """A policy from TOML text; `where` is the name that errors use for it. Raises PolicyError."""
    try:
        given = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise PolicyError((f"{where}: this is not valid TOML: {error}.",)) from None
    return _checked(where, lambda: Policy.model_validate(_tuples(given)))


def restore(snapshot: Mapping[str, Any], where: str) -> Policy:
    """The policy that `Policy.snapshot` kept; `where` is the name that errors use for it. Raises PolicyError."""
    return _checked(where, lambda: Policy.model_validate_json(json.dumps(snapshot)))


@cache
def _shipped(name: str) -> Policy:
    file = files("rollcall.rules") / "policies" / f"{name}.toml"
    return loads(file.read_text(encoding="utf-8"), f"{name}.toml")


def _checked(where: str, read: Any) -> Policy:
    try:
        policy: Policy = read()
    except ValidationError as error:
        raise PolicyError(tuple(_line(where, _wrong(detail)) for detail in _told(error))) from None
    if found := contradictions(policy):
        raise PolicyError(tuple(_line(where, wrong) for wrong in found))
    return policy


def _told(error: ValidationError) -> list[ErrorDetails]:
    """What pydantic found, without the list that it calls too short only because its entries were wrong."""
    return [detail for detail in error.errors() if detail["type"] != "too_short" or not detail["input"]]


def _line(where: str, wrong: Wrong) -> str:
    said = "is missing" if wrong.value is Wrong.MISSING else f"is {_short(wrong.value)}"
    return f"{where}: {wrong.key} {said}; expected {wrong.expected}."


def _wrong(detail: ErrorDetails) -> Wrong:
    value = Wrong.MISSING if detail["type"] == "missing" else detail["input"]
    own = detail.get("ctx", {}).get("error")
    return Wrong(_dotted(detail["loc"]), value, str(own or EXPECTED.get(detail["type"]) or _plain(detail["msg"])))


def _plain(message: str) -> str:
    return message.removeprefix("Input should be ").removesuffix(".")


def _dotted(place: tuple[int | str, ...]) -> str:
    """('stages', 1, 'name') is 'stages[1].name'."""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in place).removeprefix(".")


def _short(value: object) -> str:
    text = repr(value) if isinstance(value, str) else number_text(value) if isinstance(value, Fraction) else str(value)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 3]}..."


def _tuples(value: Any) -> Any:
    """The same content with lists made tuples: the models are strict, and frozen all the way down."""
    if isinstance(value, dict):
        return {key: _tuples(one) for key, one in value.items()}
    return tuple(_tuples(one) for one in value) if isinstance(value, list) else value
