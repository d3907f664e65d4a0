"""The pages that tell a newcomer where things stand: every room, route, command, setting and decision is in them.

A page that falls behind the program is worse than none, so that each of these fails when something new isn't told.
"""

import re
from pathlib import Path

import pytest
from django.core.management import get_commands, load_command_class
from tests.house.test_routes import ALL

from rollcall import cli

ROOT = Path(__file__).resolve().parents[2]
HOUSE = (ROOT / "docs" / "house.md").read_text()
OURS = {name: room for name, room in get_commands().items() if room.startswith("rollcall.")}
ROOMS = sorted(path.parent.name for path in (ROOT / "src" / "rollcall").glob("*/__init__.py"))
LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#\s]+)")
# Taken by `make shots` from the pages themselves.
PICTURES = "docs/pictures"


def written(folder: str = "") -> list[Path]:
    return sorted((ROOT / folder).rglob("*.md") if folder else ROOT.glob("*.md"))


@pytest.mark.parametrize("room", ROOMS)
def test_every_room_is_in_the_house(room: str) -> None:
    assert f"\n| `{room}` |" in HOUSE


@pytest.mark.parametrize("command", sorted({*OURS, "figures", "codes"}))
def test_every_command_is_in_the_house(command: str) -> None:
    assert f"`rollcall {command}`" in HOUSE


def test_every_route_is_in_the_house() -> None:
    told = {line.split("|")[1].strip(" `"): line for line in HOUSE.splitlines() if re.match(r"\| `\w+` \| `/", line)}
    missing = [name for name in ALL if f"`{name.split(':')[1]}`" not in told[name.split(":")[0]]]
    assert missing == []


def test_every_module_that_the_house_names_is_there() -> None:
    modules = re.findall(
        r"`((?:rules|schools|registers|journal|letters|documents|casework|accounts|outbox)\.[\w.]+)", HOUSE
    )
    for name in modules:
        parts = name.split(".")
        places = [ROOT.joinpath("src", "rollcall", *parts[:n]) for n in range(2, len(parts) + 1)]
        assert any(place.is_dir() or place.with_suffix(".py").is_file() for place in places), name


def test_every_setting_is_told() -> None:
    text = (ROOT / "docs" / "settings.md").read_text()
    names = re.findall(r"_(?:text|flag|list)\(\"(\w+)\"", (ROOT / "src" / "rollcall" / "settings.py").read_text())
    untold = {name for name in names if f"ROLLCALL_{name}" not in text and f"`_{name.split('_', 1)[-1]}`" not in text}
    assert untold <= {"TEST_DATABASE"}


def test_decisions_are_numbered_one_after_the_other() -> None:
    found = written("docs/adr")
    assert [path.name[:4] for path in found] == [f"{n:04}" for n in range(1, len(found) + 1)]
    for path in found:
        assert path.read_text().startswith(f"# {int(path.name[:4])}. "), path.name


def test_every_link_leads_somewhere() -> None:
    lost = [
        f"{path.relative_to(ROOT)}: {link}"
        for path in [*written(), *written("docs")]
        for link in LINK.findall(path.read_text())
        if not link.startswith(PICTURES) and not (path.parent / link).exists()
    ]
    assert lost == []


def test_help_lists_our_own_commands_each_with_what_it_does(capsys) -> None:
    assert cli.main(["--help"]) == 0
    said = capsys.readouterr().out
    for name, room in OURS.items():
        assert re.search(rf"^  {name} +{re.escape(load_command_class(room, name).help)}$", said, re.M), name
    assert "axes_reset" not in said


def test_an_unknown_command_is_one_line_and_exit_2(capsys) -> None:
    assert cli.main(["rgister"]) == 2
    assert capsys.readouterr().err == "rollcall: there is no command 'rgister'; rollcall --help lists them.\n"
