"""The cast made once and put back for every test: by its rows, which takes a tenth of the time of making it anew.

What is put back is exactly what `cast.build` wrote through the rooms' own actions the first time, ids included.
"""

from copy import deepcopy
from datetime import date, time
from typing import Any

from django.apps import apps
from django.db import connection

from tests import cast
from tests.cast import Cast

_KEPT: dict[str, Any] = {}
AT_ONCE = 50


def cast_again() -> Cast:
    """The federation of `tests/cast.py` in an empty database."""
    if "cast" not in _KEPT:
        made = cast.build()
        _KEPT["rows"] = {table: rows for table in _tables() if (rows := _rows(table))[1]}
        _KEPT["cast"] = deepcopy(made)
        return made
    with connection.cursor() as cursor, connection.constraint_checks_disabled():
        for table, (columns, rows) in _KEPT["rows"].items():
            _put(cursor, table, columns, rows)
        _go_on_from(cursor)
    return deepcopy(_KEPT["cast"])


def _tables() -> list[str]:
    """Our own tables, in an order in which each comes after those that it refers to."""
    models = [
        model
        for config in apps.get_app_configs()
        if config.name.startswith("rollcall.")
        for model in config.get_models(include_auto_created=True)
    ]
    ordered: list[Any] = []
    while models:
        free = [m for m in models if not {f.related_model for f in m._meta.fields if f.is_relation} & set(models) - {m}]
        ordered += free
        models = [m for m in models if m not in free]
    return [model._meta.db_table for model in ordered]


def _rows(table: str) -> tuple[list[str], list[tuple[Any, ...]]]:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT * FROM "{table}"')
        return [column[0] for column in cursor.description], cursor.fetchall()


def _put(cursor: Any, table: str, columns: list[str], rows: list[tuple[Any, ...]]) -> None:
    names = ", ".join(f'"{name}"' for name in columns)
    marks = f"({', '.join(['%s'] * len(columns))})"
    for first in range(0, len(rows), AT_ONCE):
        some = rows[first : first + AT_ONCE]
        values = [_as_stored(value) for row in some for value in row]
        cursor.execute(f'INSERT INTO "{table}" ({names}) VALUES {", ".join([marks] * len(some))}', values)


def _as_stored(value: Any) -> Any:
    """SQLite keeps days and times as text, and takes no other."""
    is_clock = isinstance(value, date | time)
    return str(value) if is_clock and connection.vendor == "sqlite" else value


def _go_on_from(cursor: Any) -> None:
    """PostgreSQL counts ids apart from the rows: it is told where to go on."""
    if connection.vendor != "postgresql":
        return
    told = [
        f"setval(pg_get_serial_sequence('\"{table}\"', 'id'), {max(row[columns.index('id')] for row in rows)})"
        for table, (columns, rows) in _KEPT["rows"].items()
        if "id" in columns
    ]
    cursor.execute(f"SELECT {', '.join(told)}")
