"""Fail if the German catalogue lacks a text, keeps one nobody uses, or has a doubtful one."""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parents[1]
CATALOGUE = ROOT / "zusammenplan" / "locale" / "de" / "LC_MESSAGES" / "django.po"


def main() -> int:
    """Collect the texts anew in a copy and compare."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder, "zusammenplan")
        shutil.copytree(
            ROOT / "zusammenplan",
            copy,
            ignore=shutil.ignore_patterns("static", "__pycache__", "tests", "*.mo"),
        )
        subprocess.run(
            [sys.executable, "-m", "django", "makemessages", "--locale", "de", "--no-location"],
            cwd=copy,
            check=True,
            capture_output=True,
        )
        fresh = polib.pofile(str(copy / "locale" / "de" / "LC_MESSAGES" / "django.po"))
    kept = {(e.msgctxt, e.msgid) for e in polib.pofile(str(CATALOGUE)) if not e.obsolete}
    findings = [
        f"not collected (make messages): {e.msgid!r}"
        for e in fresh
        if (e.msgctxt, e.msgid) not in kept and not e.obsolete
    ]
    findings += [f"no German text: {e.msgid!r}" for e in fresh.untranslated_entries()]
    findings += [f"doubtful: {e.msgid!r}" for e in fresh.fuzzy_entries()]
    findings += [f"nobody uses it (make messages): {e.msgid!r}" for e in fresh.obsolete_entries()]
    for finding in findings:
        print(finding)
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
