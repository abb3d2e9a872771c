#!/bin/sh
# All tests on SQLite, then on a throw-away PostgreSQL where its server programs are found; there
# only those that ask a database, and not those that judge how pages are written or scripted.
# Arguments go to pytest. Returns failure if either run fails.
set -eu
bin=.venv/bin
folder=$(mktemp -d "${TMPDIR:-/tmp}/zusammenplan-test.XXXXXX")
chmod 755 "$folder"
cluster="$folder/cluster"
socket="$folder/socket"
programs=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)

# PostgreSQL refuses to run as root.
as_postgres() {
    if [ "$(id -u)" -eq 0 ]; then (cd / && runuser -u postgres -- "$@"); else "$@"; fi
}

clean_up() {
    status=$?
    trap - EXIT INT TERM HUP
    if [ -f "$cluster/postmaster.pid" ]; then
        as_postgres "$programs/pg_ctl" -D "$cluster" -m immediate -w stop >/dev/null 2>&1 || true
    fi
    rm -rf "$folder"
    exit "$status"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

start_postgres() {
    for place in "$cluster" "$socket"; do
        install -d -m 700 "$place"
        [ "$(id -u)" -ne 0 ] || chown postgres "$place"
    done
    chmod 755 "$socket"
    as_postgres "$programs/initdb" -D "$cluster" -U zusammenplan --auth=trust \
        --encoding=UTF8 --locale=C.UTF-8 >/dev/null
    as_postgres "$programs/pg_ctl" -D "$cluster" -l "$cluster/log" -w -o "-c listen_addresses='' \
        -c unix_socket_directories='$socket' -c max_connections=300 -c shared_buffers=256MB \
        -c fsync=off -c full_page_writes=off -c synchronous_commit=off -c wal_level=minimal \
        -c max_wal_senders=0 -c autovacuum=off -c jit=off" start >/dev/null || { cat "$cluster/log" >&2; false; }
}

# 5 says that no test fits the arguments, for instance when they name browser tests alone.
run() {
    $bin/python -m pytest --numprocesses=2 --dist=worksteal "$@" && return
    code=$?
    [ "$code" -eq 5 ] && return
    return "$code"
}

sqlite=passed
postgres=passed
sqlite_version="SQLite $($bin/python -c 'import sqlite3; print(sqlite3.sqlite_version)')"
echo "== $sqlite_version"
(
    unset DATABASE_URL
    export ZUSAMMENPLAN_DATA="$folder/sqlite"
    run "$@"
) || sqlite=FAILED

if [ -n "$programs" ]; then
    postgres_version=$("$programs/postgres" --version | cut -d' ' -f2-3 | tr -d '()')
    echo "== $postgres_version"
    start_postgres
    address="postgres://zusammenplan@$(printf %s "$socket" | sed 's:/:%2F:g')/postgres"
    (
        export ZUSAMMENPLAN_DATA="$folder/postgres" DATABASE_URL="$address"
        run --asking-a-database -m "not markup" "$@"
    ) || postgres=FAILED
fi

echo "== $sqlite_version: $sqlite"
if [ -n "$programs" ]; then
    echo "== $postgres_version: $postgres"
else
    echo "== PostgreSQL: its server programs were not found; the tests ran on SQLite alone."
fi
[ "$sqlite" = passed ] && [ "$postgres" = passed ]
