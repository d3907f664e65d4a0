"""Running two processes beside each other: when one ends, or hangs on, nothing is left running."""

import subprocess
import sys
import time
from pathlib import Path

from rollcall.office import serving

STUBBORN = """
import os, pathlib, signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
pathlib.Path(sys.argv[1]).write_text(f"{os.getpid()} {child.pid}")
time.sleep(60)
"""


def test_what_will_not_end_is_ended_with_its_children(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(serving, "PATIENCE", 0.5)
    told = tmp_path / "pids"
    stubborn = [sys.executable, "-c", STUBBORN, str(told)]
    # The other one ends by itself once the stubborn one has told who it is.
    other = [sys.executable, "-c", f"import os, time\nwhile not os.path.exists({str(told)!r}): time.sleep(0.05)"]
    assert serving.run_together([stubborn, other], lambda: None) == 1
    assert [pid for pid in told.read_text().split() if _is_running(pid)] == []


def _is_running(pid: str) -> bool:
    for _ in range(50):
        said = subprocess.run(["ps", "-o", "stat=", "-p", pid], capture_output=True, text=True, check=False).stdout
        if not said.strip() or said.startswith("Z"):
            return False
        time.sleep(0.1)
    return True
