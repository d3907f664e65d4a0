"""The program `rollcall`: the commands on files are answered here, every other one by Django's management commands.

`figures` and `codes` are asked by other programs all day long, so they start without Django, settings and a database.
"""

import os
import sys
from collections.abc import Sequence
from io import TextIOWrapper

from rollcall.demo.environment import make_demo

USAGE = """usage: rollcall COMMAND [...]

On files, with nothing set up:
  figures   a row of figures for each pupil from a file of marks
  codes     the attendance codes of an edition of the law

On the school's own database:
"""
OTHERS = "\n\nDjango's own commands, such as migrate and shell, work as well."
NO_SUCH = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code. arguments: what follows `rollcall`, by default the process's own."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    # Imported only when asked for: Django takes longer to load than figures take to print, and needs settings.
    if given[:1] == ["codes"]:
        from rollcall.analysis.code_table import codes  # noqa: PLC0415

        return codes(given[1:])
    if given[:1] == ["figures"]:
        from rollcall.analysis.command import figures  # noqa: PLC0415

        return figures(given[1:])
    return _django(given)


def _django(given: list[str]) -> int:
    if given[:1] == ["demo"]:
        make_demo(os.environ)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rollcall.settings")
    import django  # noqa: PLC0415
    from django.core.management import execute_from_command_line, get_commands, load_command_class  # noqa: PLC0415
    from django.db import DatabaseError  # noqa: PLC0415

    # What is said is read at once, in a file or through a pipe as well: who can sign in, where the pages are.
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(line_buffering=True)
    # Before this, only Django's own commands are known.
    try:
        django.setup()
    except ValueError as error:
        print(f"rollcall: {error}", file=sys.stderr)
        return NO_SUCH
    if not given or given[0] in ("help", "-h", "--help"):
        ours = sorted(pair for pair in get_commands().items() if pair[1].startswith("rollcall."))
        print(USAGE + "\n".join(f"  {name:<9} {load_command_class(room, name).help}" for name, room in ours) + OTHERS)
        return 0 if given else NO_SUCH
    if given[0] not in get_commands() and given[0] not in ("version", "--version"):
        print(f"rollcall: there is no command {given[0]!r}; rollcall --help lists them.", file=sys.stderr)
        return NO_SUCH
    try:
        execute_from_command_line(["rollcall", *given])
    except DatabaseError as error:
        first = str(error).strip().splitlines()[0]
        print(f"rollcall: the database can't be used ({first}). `rollcall init` prepares a new one.", file=sys.stderr)
        return NO_SUCH
    return 0


if __name__ == "__main__":
    sys.exit(main())
