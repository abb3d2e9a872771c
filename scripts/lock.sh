#!/bin/sh
# Write the exact versions with their hashes, for every Python that the project supports.
set -eu
compile() {
    .venv/bin/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
        --no-emit-index-url --no-header "$@"
}
[ -x .venv/bin/uv ] || .venv/bin/python -m pip install --quiet uv
compile pyproject.toml --output-file requirements/base.txt
compile --extra dev pyproject.toml --output-file requirements/dev.txt
printf 'hatchling\nBabel\neditables\n' | compile - --constraint requirements/dev.txt --output-file requirements/build.txt
