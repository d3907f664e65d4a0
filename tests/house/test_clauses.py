"""Every clause of the policy that the register covers is proved by at least one marked test."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parents[1]
SAYS = TESTS / "rules" / "federation-says.txt"

CLAUSES = [
    *("2-a", "8-a", "8-b", "9-a"),
    *("3.1-a", "3.2-a", "3.4-a", "3.5-a", "3.7-c"),
    *("4.1-a", "4.1-b", "4.1-c", "4.1-d", "4.1-e", "4.1-f", "4.4-a", "4.4-b"),
    *("4.5-a", "4.5-b", "4.5-c", "4.5-d"),
    *("5.1-a", "5.1-b", "5.1-c", "5.1-d", "5.1-e"),
    *("7.1-a", "7.1-e", "7.4-a"),
    *("A1-a", "A1-b", "A1-c", "A1-d", "A1-e", "A3-e", "A3-f"),
    *("A4-a", "A4-b", "A4-c", "A5-a", "A5-b", "A5-c", "A5-d", "A5-f", "EM-a", "FC-c"),
    *("W-a", "W-b", "W-c", "W-d", "W-e", "W-f"),
]


def marked() -> Iterator[str]:
    """Every clause that a test is marked with; a table of clauses and values marks a test for each of its rows."""
    yield from (line.split()[0] for line in SAYS.read_text().splitlines() if line.strip() and not line.startswith("#"))
    for path in TESTS.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("mark.policy"):
                yield from (argument.value for argument in node.args if isinstance(argument, ast.Constant))


@pytest.mark.parametrize("clause", CLAUSES)
def test_a_clause_is_proved(clause: str) -> None:
    assert clause in set(marked()), f"no test is marked with clause {clause}"
