"""One area, many spellings: "Landkreis Eichsfeld", "Erfurt, Stadt", "Eisenach, krsfr. Stadt"."""

from __future__ import annotations

import re
from typing import NamedTuple

# Official tables put the kind before the name or behind a comma, each office in its own way.
_BEFORE = re.compile(
    r"^(?P<kind>landkreis|kreisfreie stadt|krsfr\. ?stadt|stadt|gemeinde|planungsraum|kreis)\s+"
    r"(?=\S)"
)
_BEHIND = re.compile(
    r",\s*(?P<kind>landkreis|kreis|kreisfreie stadt|krsfr\. ?stadt|gemeinde|flecken|markt"
    r"|(?:grosse )?[\w-]*stadt)$"
)
# Counties that are not called so: Ilm-Kreis, Wartburgkreis, Altenburger Land.
_COUNTY_NAME = re.compile(r"\w-?kreis$|\sland$")
_COUNTIES = {"landkreis", "kreis", "kreisfreie stadt", "krsfr. stadt", "krsfr.stadt"}


class Spelling(NamedTuple):
    """A name without its kind, and the kind that was said: "county", "town" or ""."""

    folded: str
    said: str


def spelling(name: str) -> Spelling:
    """Tell what a table calls an area, whatever blanks, case and kind stand around the name."""
    text = " ".join(name.replace("\u00ad", "").split()).casefold()
    for pattern in (_BEHIND, _BEFORE):
        if found := pattern.search(text):
            bare = text[: found.start()] + text[found.end() :]
            return Spelling(bare.strip(), _said(found["kind"]))
    return Spelling(text, "")


def folded(name: str) -> str:
    """Give the name as it is compared."""
    return spelling(name).folded


def names_a_county(name: str) -> bool:
    """Tell by the name alone whether it is that of a county; towns that are one are left out."""
    text = " ".join(name.replace("\u00ad", "").split()).casefold()
    is_said = any(
        found and found["kind"] in {"landkreis", "kreis"}
        for found in (pattern.search(text) for pattern in (_BEHIND, _BEFORE))
    )
    return is_said or _COUNTY_NAME.search(text) is not None


def _said(kind: str) -> str:
    if kind in _COUNTIES:
        return "county"
    return "town" if kind.endswith("stadt") else ""
