"""A plan's document as an accessible PDF (PDF/UA-1), set by typst in a process of its own."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from zusammenplan.core.german import marked
from zusammenplan.reports.exports.pdf import (
    FONTS,
    HERE,
    NOT_SURE,
    STAND_IN,
    TYPESETTER,
    TypesettingError,
)
from zusammenplan.reports.queries.model import Document

TEMPLATE = HERE / "typst" / "plan.typ"
LONGEST_SECONDS = 180
ENDINGS = {"image/png": "png", "image/jpeg": "jpg", "image/webp": "webp"}
Pictures = Callable[[int], bytes]


def plan_pdf(document: Document, pictures: Pictures) -> bytes:
    """
    Set the document; ``pictures`` gives the content of a picture by its key.

    PDF/UA refuses signs that no typeface at hand can show, such as emoji. Then, and only then,
    a square stands in for each sign that is not a common letter.

    :raises TypesettingError: if the typesetter refuses even that
    """
    data: Any = marked(asdict(document))
    with TemporaryDirectory(prefix="zusammenplan-") as name:
        folder = Path(name)
        shutil.copy(TEMPLATE, folder)
        data["files"] = {}
        for pk, kind in document.pictures.items():
            file = f"{pk}.{ENDINGS.get(kind, 'png')}"
            (folder / file).write_bytes(pictures(pk))
            data["files"][str(pk)] = file
        text = json.dumps(data, ensure_ascii=False)
        try:
            return _set(folder, text, document.cover.moment)
        except TypesettingError:
            return _set(folder, NOT_SURE.sub(STAND_IN, text), document.cover.moment)


def _set(folder: Path, data: str, moment: int) -> bytes:
    answer = subprocess.run(  # noqa: S603 - our own script with our own arguments
        [sys.executable, "-I", TYPESETTER, folder / TEMPLATE.name, folder, FONTS, str(moment)],
        input=data.encode(),
        capture_output=True,
        timeout=LONGEST_SECONDS,
        check=False,
    )
    if answer.returncode:
        raise TypesettingError(answer.stderr.decode(errors="replace"))
    return answer.stdout
