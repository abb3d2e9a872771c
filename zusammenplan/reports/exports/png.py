"""Pictures as PNG, for programs that show no others; the typesetter turns them."""

import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parents[1]
LONGEST_SECONDS = 60


def as_png(content: bytes, ending: str) -> bytes:
    """Turn a picture into a PNG, in a process of its own."""
    with tempfile.TemporaryDirectory(prefix="zusammenplan-") as folder:
        file = Path(folder) / f"bild.{ending}"
        file.write_bytes(content)
        answer = subprocess.run(  # noqa: S603 - our own script with our own arguments
            [sys.executable, "-I", HERE / "typst" / "to_png.py", file, HERE / "fonts"],
            capture_output=True,
            timeout=LONGEST_SECONDS,
            check=True,
        )
    return answer.stdout
