"""What we ship from others is what it claims to be."""

import hashlib
import json
import re
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2]
FOLDERS = [PACKAGE / "static/vendor", PACKAGE / "core/tests/vendor", PACKAGE / "reports/fonts"]
KEPT = [
    (folder, name, checksum)
    for folder in FOLDERS
    for package in json.loads((folder / "manifest.json").read_text())
    for name, checksum in package["files"].items()
]


@pytest.mark.parametrize(("folder", "name", "checksum"), KEPT, ids=[name for _, name, _ in KEPT])
def test_vendored_file_has_the_checksum_of_the_manifest(
    folder: Path, name: str, checksum: str
) -> None:
    assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == checksum


@pytest.mark.parametrize("folder", FOLDERS, ids=["static", "tests", "documents"])
def test_no_vendored_file_is_missing_from_the_manifest(folder: Path) -> None:
    files = {
        path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()
    } - {"manifest.json"}

    assert files == {name for kept_in, name, _ in KEPT if kept_in == folder}


@pytest.mark.parametrize("folder", FOLDERS, ids=["static", "tests", "documents"])
def test_every_package_names_version_licence_and_integrity(folder: Path) -> None:
    for package in json.loads((folder / "manifest.json").read_text()):
        assert package["version"]
        assert package["licence"]
        assert package["integrity"].startswith("sha512-")


def test_our_style_sheets_ask_no_other_host() -> None:
    sheets = [*(PACKAGE / "static").rglob("*.css")]
    elsewhere = re.compile(r"@import|url\(\s*[\"']?\s*(?:https?:)?//", re.IGNORECASE)

    assert sheets
    assert [it.name for it in sheets if elsewhere.search(it.read_text(encoding="utf-8"))] == []
