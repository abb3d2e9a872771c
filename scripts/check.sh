#!/bin/sh
# Everything that is checked without running the product. Stops at the first finding.
set -eu
bin=.venv/bin
step() { echo "· $1"; shift; "$@"; }
export ZUSAMMENPLAN_DATA="${TMPDIR:-/tmp}/zusammenplan-check"
mkdir -p "$ZUSAMMENPLAN_DATA"
# Types take as long as all the rest, and one processor.
$bin/mypy --no-error-summary . >"$ZUSAMMENPLAN_DATA/types" 2>&1 &
types=$!
types_are_right() { wait "$types" || { cat "$ZUSAMMENPLAN_DATA/types"; false; }; }
trap 'kill "$types" 2>/dev/null || true' EXIT
step "format" $bin/ruff format --check --quiet .
step "lint" $bin/ruff check --quiet .
step "import contracts" sh -c "$bin/lint-imports >\"$ZUSAMMENPLAN_DATA/imports\" 2>&1 || { cat \"$ZUSAMMENPLAN_DATA/imports\"; exit 1; }"
step "templates" $bin/djlint --check --lint --quiet zusammenplan
step "migrations" $bin/python manage.py makemigrations --check --dry-run --verbosity 0
step "deployment settings" env ZUSAMMENPLAN_URL=https://sozialplanung.example $bin/python manage.py check --deploy --fail-level WARNING --verbosity 0
step "translations" $bin/python scripts/translations.py
step "types" types_are_right
echo "All checks passed."
