"""The program ``zusammenplan`` as scripts call it: what it answers, and with which exit code."""

import json
import subprocess
from pathlib import Path

import pytest

from zusammenplan.ballots.tests.test_tables import EXAMPLE, EXTERNAL
from zusammenplan.config.tests.crash_server import PROGRAM

pytestmark = pytest.mark.own_database


def test_a_script_learns_from_the_exit_code_what_became_of_its_command(
    environment: dict[str, str], tmp_path: Path
) -> None:
    def run(*words: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [PROGRAM, "import", "plan", *words],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )

    done = run(str(EXAMPLE), "--title", "Sozialplan", "--marks-of", EXTERNAL, "--json")
    refused = run(str(tmp_path / "fehlt.tsv"), "--json")
    misused = run("--json")

    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["changed"] == 22
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "fehlt.tsv" in refused.stderr
    assert (misused.returncode, misused.stdout) == (2, "")
