"""A plan's document as an accessible PDF (PDF/UA-1), set by typst in a process of its own."""

import json
import shutil
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from zusammenplan.core.german import marked
from zusammenplan.reports.exports.pdf import HERE, typeset
from zusammenplan.reports.queries.model import Document

TEMPLATE = HERE / "typst" / "plan.typ"
COMMON = TEMPLATE.with_name("common.typ")
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
        shutil.copy(COMMON, folder)
        data["files"] = {}
        for pk, kind in document.pictures.items():
            file = f"{pk}.{ENDINGS.get(kind, 'png')}"
            (folder / file).write_bytes(pictures(pk))
            data["files"][str(pk)] = file
        text = json.dumps(data, ensure_ascii=False)
        return typeset(
            folder / TEMPLATE.name,
            folder,
            text,
            moment=document.cover.moment,
            longest=LONGEST_SECONDS,
        )
