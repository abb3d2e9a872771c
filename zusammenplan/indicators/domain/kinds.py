"""What a formula of each kind looks like, to begin with; and limits of age as people write them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from zusammenplan.indicators.domain.formula import FUNCTIONS, SEXES
from zusammenplan.indicators.domain.sides import OLDEST

if TYPE_CHECKING:
    from collections.abc import Mapping

LIMIT = re.compile(r"([^\W\d]\w*)\s*[=:]\s*(\d{1,3})")
PLAIN_NAME = re.compile(r"[^\W\d]\w*")
# Kind, and what is written around the quantities above and below.
PATTERNS: Mapping[str, str] = {
    "count": "{above}",
    "share": "100 * {above} / {below}",
    "ratio": "100 * {above} / {below}",
    "rate": "{base} * {above} / {below}",
    "mean": "weighted({above}, {below})",
    "difference": "{above} - {below}",
    "change": "100 * ({above} / earlier({above}, {base}) - 1)",
    "index": "100 * {above} / in_year({above}, {base})",
}
BASES = {"rate": 1000, "change": 5, "index": 2015}
NEEDS_BELOW = frozenset({"share", "ratio", "rate", "mean", "difference"})


def suggested(kind: str, above: str, below: str, base: int | None = None) -> str:
    """Give a formula of the kind over one or two quantities."""
    return PATTERNS[kind].format(
        above=written(above), below=written(below or above), base=base or BASES.get(kind, "")
    )


def written(code: str) -> str:
    """Write a quantity's short name as formulas need it."""
    return code if PLAIN_NAME.fullmatch(code) else f'"{code}"'


class LimitError(ValueError):
    """A limit of age that cannot be read; ``text`` is how it is written."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


def read_limits(text: str) -> dict[str, int]:
    """
    Read limits of age: "young = 20, old = 65".

    :raises LimitError: if one cannot be read
    """
    limits: dict[str, int] = {}
    for part in re.split(r"[,;\n]", text):
        if not part.strip():
            continue
        found = LIMIT.fullmatch(part.strip())
        if found is None:
            raise LimitError(part.strip())
        name, age = found.group(1), int(found.group(2))
        if age > OLDEST or name in {*FUNCTIONS, *SEXES} or name in limits:
            raise LimitError(part.strip())
        limits[name] = age
    return limits


def write_limits(limits: Mapping[str, int]) -> str:
    """Write limits of age as people do."""
    return ", ".join(f"{name} = {age}" for name, age in limits.items())
