# Everything that proves the program: lint, then the whole suite on SQLite, and beside it on PostgreSQL what touches a
# database, so that two cores are both at work.
# As root on Debian it installs what is missing; else it names it, and those tests skip. With CI=true a gap fails.
# Arguments go to pytest, both times.
set -u

folder=$(mktemp -d)
chmod 755 "$folder"
export ROLLCALL_VAR="$folder/var"

postgres_folder() {
    for found in "$(pg_config --bindir 2>/dev/null)" /usr/lib/postgresql/*/bin /usr/local/pgsql/bin; do
        if [ -x "$found/initdb" ]; then echo "$found"; return 0; fi
    done
    return 1
}
browser() { command -v "${ROLLCALL_CHROMIUM:-chromium}" || command -v chromium-browser || command -v google-chrome; }
missing() {
    browser >/dev/null || echo chromium
    postgres_folder >/dev/null || echo postgresql
    command -v pdftotext >/dev/null || echo poppler-utils
}
as_postgres() { if [ "$(id -u)" = 0 ]; then (cd "$folder" && runuser -u postgres -- "$@"); else "$@"; fi; }

# Nothing may be left running, whatever happened.
stop() {
    [ -n "${beside:-}" ] && kill "$beside" 2>/dev/null
    [ -f "$folder/cluster/postmaster.pid" ] && as_postgres "$bin/pg_ctl" -D "$folder/cluster" -s -m immediate stop
    rm -rf "$folder"
}
trap stop EXIT
trap 'exit 130' INT TERM

gaps=$(missing | tr '\n' ' ')
if [ -n "$gaps" ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing: $gaps"
    # shellcheck disable=SC2086
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
        -o DPkg::Lock::Timeout=120 $gaps; } >"$folder/apt.log" 2>&1 || tail -n 5 "$folder/apt.log"
    gaps=$(missing | tr '\n' ' ')
fi
if [ -n "$gaps" ]; then
    echo "Not on this machine: $gaps- the tests that need it skip."
    if [ "${CI:-}" = true ]; then echo "With CI=true nothing may skip: stopping." >&2; exit 1; fi
fi

sh scripts/lint.sh || exit 1

start_postgres() {
    port=$(.venv/bin/python -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
    if [ "$(id -u)" = 0 ]; then chown postgres "$folder"; fi
    as_postgres "$bin/initdb" -D "$folder/cluster" -A trust -U postgres -E UTF8 --locale=C.UTF-8 --no-sync \
        >"$folder/initdb.log" 2>&1 || { tail -n 5 "$folder/initdb.log" >&2; return 1; }
    as_postgres "$bin/pg_ctl" -D "$folder/cluster" -w -s -l "$folder/cluster/log" -o \
        "-c listen_addresses=127.0.0.1 -p $port -k $folder -c fsync=off -c full_page_writes=off -c synchronous_commit=off" \
        start || { tail -n 5 "$folder/cluster/log" >&2; return 1; }
    as_postgres "$bin/createuser" -h 127.0.0.1 -p "$port" -U postgres --createdb rollcall || return 1
    as_postgres "$bin/createdb" -h 127.0.0.1 -p "$port" -U postgres -O rollcall rollcall
}
# Without the tests that open a browser, walk the house, or need no database. A folder of its own, for both suites run at once.
on_postgres() {
    ROLLCALL_VAR="$folder/var-postgres" ROLLCALL_DATABASE="postgres://rollcall@127.0.0.1:$port/rollcall" \
        exec .venv/bin/pytest -m "not browser" -o cache_dir="$folder/pytest" \
        --ignore=tests/house --ignore=tests/rules --ignore=tests/spec --ignore=tests/rooms/analysis --ignore=tests/rooms/documents "$@"
}

beside=
if bin=$(postgres_folder); then
    start_postgres || exit 1
    on_postgres "$@" >"$folder/postgres.log" 2>&1 &
    beside=$!
fi
.venv/bin/pytest "$@"
result=$?
if [ -n "$beside" ]; then
    wait "$beside"
    code=$?
    echo "On PostgreSQL, run beside it:"
    cat "$folder/postgres.log"
    [ "$result" = 0 ] && result=$code
fi
exit "$result"
