"""The laws of the house that the import-linter can't see: foreign keys, actions, and the ledger's one writer."""

import ast
import re
from pathlib import Path

from django.apps import apps

SOURCE = Path(__file__).resolve().parents[2] / "src" / "rollcall"
STAIRS = ["journal", "schools", "outbox", "letters", "accounts", "registers", "absence", "casework"]
FACES = ["portal", "office", "insight", "exchange", "demo"]


def test_no_foreign_key_points_up_the_stairs() -> None:
    wrong = []
    for model in apps.get_models():
        room = model._meta.app_label
        if room not in STAIRS + FACES:
            continue
        for field in model._meta.get_fields():
            target = getattr(field, "related_model", None)
            if target is None or field.auto_created or target._meta.app_label not in STAIRS + FACES:
                continue
            if _step(target._meta.app_label) > _step(room):
                wrong.append(f"{model.__name__}.{field.name} points up to {target.__name__}")
    assert not wrong


def _step(room: str) -> int:
    return STAIRS.index(room) if room in STAIRS else len(STAIRS)


WRITES = {"create", "bulk_create", "update", "bulk_update", "update_or_create", "get_or_create", "delete", "save"}
# What a deploy-time command may write: the triggers are made by migrations and `guard`, through no model.
WRITERS = ("actions", "migrations", "demo")


def test_only_actions_write_to_the_database() -> None:
    wrong = []
    for path in sorted(SOURCE.rglob("*.py")):
        parts = path.relative_to(SOURCE).parts
        if any(part.removesuffix(".py") in WRITERS for part in parts) or parts[0] in ("rules", "analysis", "documents"):
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if _writes(node):
                wrong.append(f"{path.relative_to(SOURCE)}:{node.lineno} {ast.unparse(node.func)}")
    assert not wrong


def _writes(node: ast.AST) -> bool:
    """Whether a call is a write through a model manager, or `save`/`delete` of a row or form."""
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WRITES):
        return False
    return ".objects" in ast.unparse(node.func) or node.func.attr in {"save", "bulk_create"}


LEDGER = re.compile(r"(INSERT INTO|UPDATE|DELETE FROM) registers_entry|(?<!\w)Entry\.objects\.(bulk_)?(create|update)")
ROOMS = "journal|schools|outbox|letters|accounts|registers|casework"
BY_HAND = re.compile(rf"\b(INSERT INTO|UPDATE|DELETE FROM) ({ROOMS})_")


def test_the_ledger_is_written_in_one_place() -> None:
    assert _files_with(LEDGER) == ["registers/actions/writing.py"]


def test_statements_written_by_hand_are_actions_too() -> None:
    assert [name for name in _files_with(BY_HAND) if "/actions" not in name] == []


def _files_with(pattern: re.Pattern[str]) -> list[str]:
    return [
        str(path.relative_to(SOURCE)) for path in sorted(SOURCE.rglob("*.py")) if pattern.search(path.read_text())
    ]
