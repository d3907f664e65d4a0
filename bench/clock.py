"""The bench's clock: it stands at a moment, and once it is started runs faster than the real one, in every process."""

import os
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path


@dataclass
class Clock:
    """Shows `at`; where it has a pace, that many seconds for each real one since it was started, and stops at the end.

    note: a file that tells other processes when that was.
    """

    at: datetime
    pace: float = 0.0
    note: Path | None = None
    end: float = 0.0
    began: float | None = None

    @classmethod
    def from_environment(cls) -> "Clock":
        """The clock of whoever started this process."""
        note = os.environ.get("BENCH_NOTE")
        pace, end = (float(os.environ.get(f"BENCH_{name}", "0")) for name in ("PACE", "END"))
        return cls(datetime.fromisoformat(os.environ["BENCH_AT"]), pace, Path(note) if note else None, end)

    @property
    def environment(self) -> dict[str, str]:
        """What a process needs so that its clock is this one."""
        told = {"AT": self.at.isoformat(), "PACE": str(self.pace), "NOTE": str(self.note or ""), "END": str(self.end)}
        return {f"BENCH_{name}": value for name, value in told.items()}

    def start(self) -> None:
        """Let it run from now on, here and wherever the note is read."""
        self.began = time.time()
        if self.note:
            whole = self.note.with_suffix(".new")
            whole.write_text(repr(self.began))
            whole.replace(self.note)

    def passed(self) -> float:
        """How many of its own seconds have passed."""
        if self.began is None and self.note and self.note.exists():
            self.began = float(self.note.read_text())
        return min(self.end, (time.time() - self.began) * self.pace) if self.began else 0.0

    def shown(self) -> datetime:
        """The time that people see now, in whole seconds."""
        return self.at + timedelta(seconds=int(self.passed()))

    def wait_until(self, second: float) -> None:
        """Sleep until so many of the clock's own seconds have passed."""
        time.sleep(max(0.0, (second - self.passed()) / self.pace))
