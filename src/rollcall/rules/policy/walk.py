"""A policy read leaf by leaf, in reading order: each value with its key, its section, its source, what it refers to.

A key names an entry of a list by its own id (`letters[letter-1].below_percent`); a place counts it (`letters[4]`), for
a person who mends the file.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, get_args

from pydantic import BaseModel

from rollcall.rules.policy.values import Refers

NOT_VALUES = frozenset({"section", "source", "id", "slug", "answer"})
OWN_NAMES = ("id", "slug", "answer", "number", "percent", "late_minutes")
TITLE = "title"


@dataclass(frozen=True)
class Leaf:
    """One value of a policy."""

    key: str
    place: str
    value: Any
    section: str
    source: str
    refers_to: str = ""


def leaves(model: BaseModel) -> Iterator[Leaf]:
    """Every value of a policy; what isn't given is left out, and what stands above all sections is of the title."""
    return _of_model(model, Leaf("", "", None, TITLE, ""))


def _of_model(model: BaseModel, at: Leaf) -> Iterator[Leaf]:
    section, source = getattr(model, "section", at.section), getattr(model, "source", "")
    for name, field in type(model).model_fields.items():
        value = getattr(model, name)
        if name in NOT_VALUES or value == field.default:
            continue
        key, place = _under(at.key, name), _under(at.place, name)
        yield from _of_value(value, Leaf(key, place, value, section, source, _refers(type(model), name)))


def _of_value(value: Any, at: Leaf) -> Iterator[Leaf]:
    if isinstance(value, BaseModel):
        yield from _of_model(value, at)
    elif isinstance(value, tuple) and hasattr(value[0], "spoken"):
        yield replace(at, value=tuple(one.spoken for one in value))
    elif isinstance(value, tuple) and isinstance(value[0], BaseModel):
        for index, entry in enumerate(value):
            name = own_name(entry)
            yield from _of_model(entry, replace(at, key=f"{at.key}[{name}]", place=f"{at.place}[{index}]"))
    else:
        yield at


def own_name(entry: BaseModel) -> Any:
    """What an entry of a list is known by: its id, its number, or the figure that its row begins with."""
    known_by = next(name for name in OWN_NAMES if name in type(entry).model_fields)
    own = getattr(entry, known_by)
    return f"no-{own}" if known_by == "number" else own


def _under(path: str, name: str) -> str:
    """A value of its own is known by the key that holds it: `leave.notice_days`, not `leave.notice_days.value`."""
    return path if name == "value" else f"{path}.{name}".lstrip(".")


@cache
def _refers(model: type[BaseModel], name: str) -> str:
    field = model.model_fields[name]
    found = [*field.metadata, *_inside(field.annotation)]
    return next((one.to for one in found if isinstance(one, Refers)), "")


def _inside(annotation: Any) -> Iterator[Any]:
    for one in (*get_args(annotation), *getattr(annotation, "__metadata__", ())):
        yield one
        yield from _inside(one)
