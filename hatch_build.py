"""Compile the translations, and compress static files for the wheel."""

import gzip
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CustomBuildHook(BuildHookInterface[Any]):
    """Write ``django.mo`` beside each ``django.po`` and take it into the wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        self._made: list[Path] = []
        for source in sorted(Path(self.root, "zusammenplan", "locale").glob("*/LC_MESSAGES/*.po")):
            target = source.with_suffix(".mo")
            with source.open("rb") as readable:
                catalogue = read_po(readable, locale=source.parts[-3])
            with target.open("wb") as writable:
                write_mo(writable, catalogue)
            build_data["artifacts"].append(str(target.relative_to(self.root)))
        if version == "standard":
            self._compress(build_data)

    def _compress(self, build_data: dict[str, Any]) -> None:
        # The web server hands these out to browsers that take them. Only in the wheel: beside
        # files that somebody is editing they would be stale.
        for source in sorted(Path(self.root, "zusammenplan", "static").rglob("*")):
            if source.suffix in {".css", ".js", ".svg"}:
                target = source.with_name(f"{source.name}.gz")
                target.write_bytes(gzip.compress(source.read_bytes(), mtime=0))
                name = str(source.relative_to(self.root))
                build_data["force_include"][str(target)] = f"{name}.gz"
                self._made.append(target)

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:  # noqa: ARG002 - the hook's fixed signature
        for target in self._made:
            target.unlink()
