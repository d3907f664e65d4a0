# Print the first Python that runs, is 3.11 to 3.14 and can make an environment; else say in one line what to do.
# An argument names the one to use instead.
suits='import sys; raise SystemExit(not (3, 11) <= sys.version_info[:2] <= (3, 14))'
found=
for python in ${1:-python3.13 python3.12 python3.11 python3.14 python3}; do
    "$python" -c "$suits" >/dev/null 2>&1 || continue
    found=$python
    "$python" -c 'import ensurepip, venv' >/dev/null 2>&1 || continue
    command -v "$python"
    exit 0
done
if [ -n "$found" ]; then
    echo "Rollcall: $found cannot make an environment; install its venv package (on Debian: apt install $found-venv)." >&2
else
    echo "Rollcall: no Python from 3.11 to 3.14 runs here; install one, or name it: make PY=/path/to/python3.11." >&2
fi
exit 1
