"""The paper as an accessible PDF (PDF/UA-1), set by typst."""

import json
import os
import re
import subprocess
import sys
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from zusammenplan.core.german import marked
from zusammenplan.core.printable import printable
from zusammenplan.reports.queries.paper import Paper, shown_address, words

HERE = Path(__file__).resolve().parents[1]
TEMPLATE = HERE / "typst" / "handout.typ"
TYPESETTER = HERE / "typst" / "typeset.py"
FONTS = HERE / "fonts"
LONGEST_SECONDS = 60
# Lets the C library give large blocks back when they grow, and not keep the holes they leave.
THRIFTY = {"MALLOC_MMAP_THRESHOLD_": "131072"}

# What our typeface and the typesetter's own ones can certainly show: Latin, Greek, Cyrillic,
# Hebrew and Arabic letters, punctuation and a few signs.
NOT_SURE = re.compile(
    "[^\n\u0020-\u007e\u00a0-\u017f\u0386\u0388-\u038a\u038c\u038e-\u03a1\u03a3-\u03ce\u0400-\u045f\u05d0-\u05ea\u0621-\u063a"
    "\u0641-\u064a\u1e9e\u2010-\u2015\u2018-\u201e\u2020-\u2022\u2026\u2030\u20ac\u2190-\u2193"
    "\u2212\u2248\u2260\u2264\u2265]"
)
STAND_IN = "\N{WHITE SQUARE}"


class TypesettingError(Exception):
    """The typesetter could not set the paper; the text is its own reason."""


def pdf(paper: Paper) -> bytes:
    """
    Set the paper.

    PDF/UA refuses signs that no typeface at hand can show, such as emoji. Then, and only then,
    a square stands in for each sign that is not a common letter.

    :raises TypesettingError: if the typesetter refuses even that
    """
    return set_paper(TEMPLATE, _data(paper), made_at=paper.made_at)


def set_paper(template: Path, content: dict[str, object], *, made_at: datetime) -> bytes:
    """
    Set a paper of any kind by its template.

    :raises TypesettingError: if the typesetter refuses it even without the rarest signs
    """
    data = json.dumps(marked(printable(content)), ensure_ascii=False)
    moment = int(made_at.timestamp())
    return typeset(template, template.parent, data, moment=moment, longest=LONGEST_SECONDS)


def typeset(template: Path, folder: Path, data: str, *, moment: int, longest: int) -> bytes:
    """
    Let a process of its own set what the data says, so that its memory is given back.

    :raises TypesettingError: if the typesetter refuses it even without the rarest signs, or does
        not come to an end
    """
    try:
        try:
            return _typeset(template, folder, data, moment, longest)
        except TypesettingError:
            return _typeset(template, folder, NOT_SURE.sub(STAND_IN, data), moment, longest)
    except subprocess.TimeoutExpired as endless:
        raise TypesettingError(str(endless)) from endless


def _typeset(template: Path, folder: Path, data: str, moment: int, longest: int) -> bytes:
    answer = subprocess.run(  # noqa: S603 - our own script with our own arguments
        [sys.executable, "-I", TYPESETTER, template, folder, FONTS, str(moment)],
        input=data.encode(),
        capture_output=True,
        timeout=longest,
        check=False,
        env={**os.environ, **THRIFTY},
    )
    if answer.returncode:
        raise TypesettingError(answer.stderr.decode(errors="replace"))
    return answer.stdout


def _data(paper: Paper) -> dict[str, object]:
    data = asdict(paper)
    data["made_at"] = None
    data["has_grade_columns"] = paper.has_grade_columns
    data["shown_address"] = shown_address(paper.address)
    data["words"] = words()
    for row in [*data["ranking"], *(row for field in data["fields"] for row in field["rows"])]:
        # Only their written forms are printed.
        row["degree"] = row["difference"] = None
        for group in row["groups"]:
            group["median"] = group["value"] = None
    return data
