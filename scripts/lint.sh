# The checks that read the code without running it.
set -eu
.venv/bin/ruff check .
.venv/bin/mypy
.venv/bin/lint-imports --no-cache
