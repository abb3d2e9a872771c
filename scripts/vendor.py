"""
Fetch the style sheets, typeface and scripts that we ship, and note where they come from.

Reads ``vendor.toml`` beside this file, lets npm fetch each package, compares the archive with
the checksum that npm announces, keeps the listed files and their licences, subsets the typeface
(for pages as WOFF2, for printed documents as TrueType) and writes a ``manifest.json`` into each
vendor folder. Needs npm, fonttools and brotli.
"""

import base64
import hashlib
import io
import json
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from collections import defaultdict
from pathlib import Path
from typing import Any

from fontTools import subset
from fontTools.ttLib import TTFont

ROOT = Path(__file__).resolve().parents[1]
LIST = Path(__file__).with_name("vendor.toml")
MANIFESTS = (
    ROOT / "zusammenplan/static/vendor/manifest.json",
    ROOT / "zusammenplan/core/tests/vendor/manifest.json",
    ROOT / "zusammenplan/reports/fonts/manifest.json",
)
# Latin with its accents, punctuation, currency, super- and subscript, arrows and a few signs.
UNICODES = (
    "U+0000-024F,U+02BB-02DD,U+1E9E,U+2000-206F,U+2070-209F,U+20AC,U+2116,U+2122,U+2190-2193,"
    "U+2212,U+2215,U+2248,U+2260,U+2264-2265,U+FB01-FB02,U+FFFD"
)


class VendorError(Exception):
    """A package is not what it claims to be."""


def main() -> None:
    packages = tomllib.loads(LIST.read_text())["package"]
    entries: dict[Path, list[dict[str, Any]]] = defaultdict(list)
    with tempfile.TemporaryDirectory() as folder:
        for package in packages:
            content, integrity = fetch(package["name"], package["version"], Path(folder))
            kept = keep(package, content)
            entries[manifest_of(ROOT / package["to"])].append(
                {
                    "package": package["name"],
                    "version": package["version"],
                    "licence": package["licence"],
                    "integrity": integrity,
                    "files": kept,
                }
            )
            print(f"{package['name']} {package['version']}: {', '.join(kept)}")
    for manifest, found in entries.items():
        manifest.write_text(json.dumps(found, indent=2) + "\n")


def fetch(name: str, version: str, folder: Path) -> tuple[bytes, str]:
    """
    Let npm pack the package and check the archive against the announced checksum.

    :raises VendorError: if they differ
    """
    answer = subprocess.run(
        ["npm", "pack", f"{name}@{version}", "--json"],
        cwd=folder,
        check=True,
        capture_output=True,
        text=True,
    )
    (found,) = json.loads(answer.stdout)
    archive = (folder / found["filename"]).read_bytes()
    algorithm, _, expected = found["integrity"].partition("-")
    actual = base64.b64encode(hashlib.new(algorithm, archive).digest()).decode()
    if algorithm != "sha512" or actual != expected:
        raise VendorError(f"{name} {version}: the archive does not match its checksum.")
    return archive, found["integrity"]


def keep(package: dict[str, Any], archive: bytes) -> dict[str, str]:
    """Write the listed files, typefaces subset, and give each one's SHA-256."""
    folder = ROOT / package["to"]
    folder.mkdir(parents=True, exist_ok=True)
    kept = {}
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        wanted = [package.get(kind, {}) for kind in ("files", "fonts", "document-fonts")]
        for source, target in [pair for names in wanted for pair in names.items()]:
            member = tar.extractfile(f"package/{source}")
            if member is None:
                raise VendorError(f"{package['name']}: {source} is not a file.")
            content = member.read()
            if source in package.get("fonts", {}):
                content = subset_font(content, flavor="woff2")
            elif source in package.get("document-fonts", {}):
                content = subset_font(content, flavor=None)
            (folder / target).write_bytes(content)
            path = (folder / target).relative_to(manifest_of(folder).parent)
            kept[path.as_posix()] = hashlib.sha256(content).hexdigest()
    return kept


def manifest_of(folder: Path) -> Path:
    """Find the manifest above a folder."""
    return next(m for m in MANIFESTS if folder.is_relative_to(m.parent))


def subset_font(content: bytes, *, flavor: str | None) -> bytes:
    """Keep the Latin signs and the layout features that the sheets use; no flavor is TrueType."""
    options = subset.Options()
    options.flavor = flavor
    options.layout_features = [
        "kern",
        "liga",
        "tnum",
        "lnum",
        "mark",
        "mkmk",
        "ccmp",
        "locl",
        "case",
    ]
    options.hinting = False
    options.name_IDs = ["*"]
    font = TTFont(io.BytesIO(content), recalcTimestamp=False)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=subset.parse_unicodes(UNICODES))
    subsetter.subset(font)
    font.flavor = flavor
    result = io.BytesIO()
    font.save(result)
    return result.getvalue()


if __name__ == "__main__":
    try:
        main()
    except (VendorError, subprocess.CalledProcessError) as error:
        sys.exit(str(error))
