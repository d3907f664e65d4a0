"""The program `rollcall`: the commands on files are answered here, every other one by Django.

`figures` and `codes` are asked thousands of times by other programs, so they must start without Django and its settings.
"""

import os
import sys
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    # Imported only when asked for: NumPy and Django each take longer to load than many a command takes to run.
    if given[:1] in (["figures"], ["codes"]):
        from rollcall.analysis import command  # noqa: PLC0415

        return (command.figures if given[0] == "figures" else command.codes)(given[1:])
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rollcall.settings")
    from rollcall.management import run  # noqa: PLC0415

    return run(given)


if __name__ == "__main__":
    sys.exit(main())
