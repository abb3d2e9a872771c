#!/bin/sh
# Make the virtual environment; say what is missing on a bare Debian or Ubuntu.
set -eu
python=$1 venv=$2
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
    echo "Zusammenplan needs Python 3.11 or newer; $python is $("$python" --version)." >&2
    exit 1
}
"$python" -c 'import ensurepip' 2>/dev/null || sh "$(dirname "$0")/system.sh" python3-venv
"$python" -m venv "$venv"
