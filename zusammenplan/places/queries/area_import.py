"""What the areas of a file would change in the list; nothing is saved here."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _, ngettext

from zusammenplan.core.models import Municipality
from zusammenplan.core.money import number_text
from zusammenplan.places.choices import AreaKind
from zusammenplan.places.domain.geometry import area_km2, overlap_km2
from zusammenplan.places.domain.keys import THURINGIAN, parent_key
from zusammenplan.places.domain.names import folded
from zusammenplan.places.models import Area, AreaVersion
from zusammenplan.places.queries.file_words import reason_text
from zusammenplan.places.queries.finder import AreaFinder, covers
from zusammenplan.places.queries.overlaps import overlap_reasons
from zusammenplan.places.queries.words import day_text, kind_name, period_text, some

if TYPE_CHECKING:
    from zusammenplan.places.domain.area_files import AreaFile, FileArea
    from zusammenplan.places.domain.geometry import Outline

ONE_DAY = timedelta(days=1)
COUNTY_DIGITS = 5
# Outlines of different editions never fit exactly.
MOSTLY_INSIDE = 0.9
THURINGIA = "16"


@dataclass(frozen=True, slots=True)
class Changed:
    """A field that the file gives another value, in words."""

    label: str
    old: str
    new: str


@dataclass(slots=True)
class Taken:
    """What becomes of one area of the file."""

    source: FileArea
    # The version that says the same area on the day; None where there is none.
    version: AreaVersion | None
    # The area that gets another version; None for a new one.
    area: Area | None
    values: dict[str, Any]
    # The area it shall lie in, by the key within the file, if it is new itself.
    parent_key: str = ""
    # A change since the version that is there: it ends, another one begins.
    begins_anew: date | None = None
    changes: tuple[Changed, ...] = ()

    @property
    def fate(self) -> str:
        """Tell what happens: "new", "next", "changed" or "unchanged"."""
        if self.version is None:
            return "new"
        if self.begins_anew:
            return "next"
        return "changed" if self.values else "unchanged"


@dataclass(frozen=True, slots=True)
class NotTaken:
    """An area of the file that is refused; ``number`` is its place in the file."""

    number: int
    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the outlines tell of where a territory went; a person decides."""

    key: str
    before: AreaVersion
    after_key: str
    after_name: str
    on: date
    percent: int

    @property
    def ends(self) -> bool:
        """Tell whether the older area is not in the file any more."""
        return self.before.ags != self.after_key


@dataclass(slots=True)
class Comparison:
    """The preview of an import."""

    file: AreaFile
    as_of: date
    taken: list[Taken] = field(default_factory=list)
    refused: list[NotTaken] = field(default_factory=list)
    proposals: list[Proposal] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def count(self, *fates: str) -> int:
        return sum(one.fate in fates for one in self.taken)

    @property
    def fingerprint(self) -> str:
        """Tell two previews apart: what a person saw, and what would happen now."""
        seen = [
            (one.source.number, one.fate, one.version and one.version.version, one.changes)
            for one in self.taken
        ]
        return sha256(repr((self.as_of, seen, self.refused)).encode()).hexdigest()[:32]


def prefixes_of(file: AreaFile) -> list[tuple[str, str, int]]:
    """Give the counties in a file to choose from: key, name, how many areas."""
    counted = Counter(
        one.ags[:COUNTY_DIGITS] for one in file.areas if len(one.ags) >= COUNTY_DIGITS
    )
    names = {one.ags: one.name for one in file.areas}
    return [(key, names.get(key, ""), number) for key, number in sorted(counted.items())]


def as_json(outline: Outline) -> dict[str, Any]:
    """Give an outline as it is stored."""
    return {
        "type": "MultiPolygon",
        "coordinates": [
            [[list(point) for point in ring] for ring in polygon] for polygon in outline
        ],
    }


def outline_of(geometry: Any) -> Outline:
    """Give a stored outline as the rules of geometry take it; empty without one."""
    if not geometry:
        return []
    return [
        [[(point[0], point[1]) for point in ring] for ring in polygon]
        for polygon in geometry["coordinates"]
    ]


def compared(file: AreaFile, as_of: date, *, only: str = "", keyless: str = "") -> Comparison:
    """
    Compare a file with the list as it was on the day of its territory.

    ``only`` takes the areas whose key begins so, and those above them; ``keyless`` is the kind of
    areas that have no key.
    """
    return _Reader(file, as_of, only, keyless or AreaKind.PLANNING_AREA).read()


class _Reader:
    def __init__(self, file: AreaFile, as_of: date, only: str, keyless: str) -> None:
        self.keyless = keyless
        self.result = Comparison(file, as_of)
        self.as_of = as_of
        self.versions = list(AreaVersion.objects.select_related("area", "parent").order_by("pk"))
        self.finder = AreaFinder(self.versions)
        self.wanted = [one for one in file.areas if _is_wanted(one.ags, only)]
        # Districts of several municipalities have the same name.
        self.names = Counter(folded(one.name) for one in self.wanted if not one.ags)
        self.in_file = {one.ags for one in self.wanted if one.ags}
        self.taken = self.in_file
        self.only = only
        self.own = own_prefix()

    def read(self) -> Comparison:
        result = self.result
        result.refused = [
            NotTaken(one.number, one.name, reason_text(one)) for one in result.file.refused
        ]
        self._refuse_overlaps()
        # Areas above come first, so that those below find them.
        for one in sorted(self.wanted, key=lambda it: (not it.ags, len(it.ags), it.number)):
            self._take(one)
        result.taken.sort(key=lambda one: one.source.number)
        result.refused.sort(key=lambda one: one.number)
        self._propose()
        self._warn()
        return result

    def _refuse(self, one: FileArea, reason: str) -> None:
        self.result.refused.append(NotTaken(one.number, one.name, reason))

    # --- one area ------------------------------------------------------------------------

    def _take(self, one: FileArea) -> None:
        found = self._found(one)
        if isinstance(found, str):
            self._refuse(one, found)
            return
        version = found
        parent, parent_key_ = self._parent(one, version)
        if isinstance(parent, str):
            self._refuse(one, parent)
            return
        values = self._values(one, version)
        if version is None or (version.parent_id is None and parent is not None):
            values["parent"] = parent
        taken = Taken(one, version, version.area if version else None, values, parent_key_)
        if version is None:
            self._begin(taken)
        elif one.since and version.valid_from and version.valid_from < one.since <= self.as_of:
            taken.begins_anew = one.since
        if version is not None:
            values = {k: v for k, v in values.items() if getattr(version, k) != v}
            taken.values = values
            key = values.get("ags") or version.ags
            taken.changes = tuple(
                _in_words(version, name, new, key) for name, new in values.items()
            )
        self.result.taken.append(taken)

    def _found(self, one: FileArea) -> AreaVersion | str | None:
        """Give the version of the day that is meant, or say why that cannot be told."""
        if one.ags:
            known = self.finder.by_key(one.ags, self.as_of)
            if known and known.ags in {one.ags, ""}:
                return known
            if self.finder.knows_key(one.ags) and any(v.ags == one.ags for v in self.versions):
                return None
        wanted = one.kind or self.keyless
        same = [
            version
            for version in self.versions
            if covers(version, self.as_of)
            and not (one.ags and version.ags)
            and folded(one.name) in {folded(version.name), folded(version.area.name)}
            and (version.kind == wanted or (not one.ags and not one.kind))
        ]
        if one.lies_in and (len(same) > 1 or self.names[folded(one.name)] > 1):
            above, _key = self._parent_by_name(one)
            same = [version for version in same if version.parent == above]
        if len(same) > 1:
            return _("“%(name)s” may be several areas of the list: %(names)s.") % {
                "name": one.name,
                "names": ", ".join(_told(version) for version in same),
            }
        return same[0] if same else None

    def _parent(self, one: FileArea, version: AreaVersion | None) -> tuple[Area | str | None, str]:
        """Give the area it lies in, or its key within the file, or say why there is none."""
        if version is not None and version.parent_id is not None:
            return None, ""
        if not one.ags:
            return self._parent_by_name(one)
        key = parent_key(one.ags)
        above = self.finder.by_key(key, self.as_of) if key else None
        if above is not None and above.ags == key:
            return above.area, ""
        if key in self.taken:
            return None, key
        if one.kind == AreaKind.MUNICIPALITY and version is None:
            return (
                _(
                    "The list has no county with the key %(key)s on %(day)s. Import the counties "
                    "first, or enter the county's key."
                )
                % {"key": key, "day": day_text(self.as_of)}
            ), ""
        return None, ""

    def _parent_by_name(self, one: FileArea) -> tuple[Area | str | None, str]:
        if not one.lies_in:
            roots = [
                v for v in self.versions if v.kind == AreaKind.COUNTY and not v.area.is_reference
            ]
            areas = {version.area for version in roots if covers(version, self.as_of)}
            return (areas.pop(), "") if len(areas) == 1 else (None, "")
        above = self.finder.by_key(one.lies_in, self.as_of)
        named = [above] if above else self.finder.by_name(one.lies_in, self.as_of)
        if len(named) != 1:
            return (
                _("“%(name)s”, in which it shall lie, is not or not clearly in the list.")
                % {"name": one.lies_in}
            ), ""
        return named[0].area, ""

    def _values(self, one: FileArea, version: AreaVersion | None) -> dict[str, Any]:
        """Give what the file says; what it only says in other words is left."""
        said = {"kind": one.kind, "ags": one.ags, "ars": one.ars}
        values: dict[str, Any] = {name: value for name, value in said.items() if value}
        if one.association or _left_association(one, version):
            values["association"] = one.association
        if version is None:
            values.setdefault("kind", self.keyless)
        if version is None or folded(version.name) != folded(one.name):
            values["name"] = one.name
        if one.km2 is not None:
            values["area_km2"] = one.km2.quantize(Decimal("0.0001"))
        elif one.outline and (version is None or version.area_km2 is None):
            values["area_km2"] = Decimal(str(round(area_km2(one.outline), 4)))
        if one.outline:
            values["geometry"] = as_json(one.outline)
        return values | self._provenance(version, values.get("geometry"))

    def _provenance(self, version: AreaVersion | None, geometry: object) -> dict[str, Any]:
        """Name source and licence with an outline that is new, or where there were none."""
        about = {"source": self.result.file.source, "licence": self.result.file.licence}
        is_newer = version is None or (geometry is not None and geometry != version.geometry)
        return {
            name: text
            for name, text in about.items()
            if text and (is_newer or not getattr(version, name))
        }

    def _begin(self, taken: Taken) -> None:
        """Find the days of a version that is new: between those that have the key already."""
        one = taken.source
        same = sorted(
            (version for version in self.versions if one.ags and version.ags == one.ags),
            key=lambda version: version.valid_from or date.min,
        )
        before = [v for v in same if v.valid_to and v.valid_to < self.as_of]
        after = [v for v in same if v.valid_from and v.valid_from > self.as_of]
        since = one.since if one.since and one.since <= self.as_of else None
        if before and before[-1].valid_to:
            since = max(since or date.min, before[-1].valid_to + ONE_DAY)
        taken.values["valid_from"] = since
        if after and after[0].valid_from:
            taken.values["valid_to"] = after[0].valid_from - ONE_DAY
        taken.area = same[-1].area if same else None

    # --- all of them together ------------------------------------------------------------

    def _propose(self) -> None:
        """Tell from the outlines where areas went that the file does not name any more."""
        begun = [one for one in self.result.taken if self._begins_on(one) and one.source.outline]
        pairs = [(version, one) for version in self._missing() for one in begun]
        pairs += [(one.version, one) for one in begun if one.version]
        for version, one in pairs:
            day = self._begins_on(one)
            percent = _percent_inside(version, one.source)
            if day and covers(version, day - ONE_DAY) and percent >= 100 * MOSTLY_INSIDE:
                key = f"{version.pk}>{one.source.ags}"
                source = one.source
                self.result.proposals.append(
                    Proposal(key, version, source.ags, source.name, day, percent)
                )

    @staticmethod
    def _begins_on(one: Taken) -> date | None:
        if one.fate == "next":
            return one.begins_anew
        begins: date | None = one.values.get("valid_from") if one.fate == "new" else None
        return begins

    def _missing(self) -> list[AreaVersion]:
        """Give the versions of the day that the file should name, but does not."""
        kinds = {one.kind for one in self.wanted if one.ags}
        digits = {AreaKind.COUNTY: 2, AreaKind.MUNICIPALITY: COUNTY_DIGITS}
        within = {
            (kind, one.ags[: digits[AreaKind(kind)]])
            for kind in kinds
            for one in self.wanted
            if kind in digits and one.kind == kind
        }
        return [
            version
            for version in self.versions
            if version.ags
            and version.ags not in self.in_file
            and version.kind in kinds
            and _is_wanted(version.ags, self.only)
            and version.kind in digits
            and (version.kind, version.ags[: digits[AreaKind(version.kind)]]) in within
            and covers(version, self.as_of)
        ]

    def _warn(self) -> None:
        told = self.result.warnings
        missing = [_told(version) for version in self._missing()]
        if missing:
            told.append(
                ngettext(
                    "%(count)s area of the list is not in this file: %(names)s. It stays as it is.",
                    "%(count)s areas of the list are not in this file: %(names)s. "
                    "They stay as they are.",
                    len(missing),
                )
                % {"count": len(missing), "names": some(missing)}
            )
        unsure = [
            one.source.name
            for one in self.result.taken
            if one.version and one.version.valid_from is None and one.source.since
        ]
        if unsure:
            told.append(
                ngettext(
                    "%(count)s area is valid always in the list, but the file names the day of its "
                    "last change: %(names)s. Check its versions.",
                    "%(count)s areas are valid always in the list, but the file names the days of "
                    "their last changes: %(names)s. Check their versions.",
                    len(unsure),
                )
                % {"count": len(unsure), "names": some(unsure)}
            )
        strange = [
            f"{one.name} ({one.ags})"
            for one in self.wanted
            if one.ags.startswith(THURINGIA)
            and len(one.ags) >= COUNTY_DIGITS
            and not THURINGIAN.fullmatch(one.ags)
        ]
        if strange:
            told.append(
                _("Thuringia has no county with these keys: %(names)s.") % {"names": some(strange)}
            )

    def _refuse_overlaps(self) -> None:
        """
        Refuse areas of a kind that lie upon each other, for nobody knows whose the ground is.

        Borders that were simplified overlap by slivers; these stay possible.
        """
        refused = overlap_reasons(self.wanted)
        for one in self.wanted:
            if one.number in refused:
                self._refuse(one, refused[one.number])
        self.wanted = [one for one in self.wanted if one.number not in refused]
        self.taken = {one.ags for one in self.wanted if one.ags}


def own_prefix() -> str:
    """Give the beginning of the municipality's own keys; "" if it has not said its key."""
    own = Municipality.objects.filter(pk=1).values_list("ags", flat=True).first() or ""
    return own[:COUNTY_DIGITS] if len(own) >= COUNTY_DIGITS else ""


def is_reference(ags: str, own: str) -> bool:
    """Tell whether an area of the key lies outside of the municipality."""
    return bool(ags and own) and not ags.startswith(own)


def _is_wanted(ags: str, only: str) -> bool:
    return not ags or not only or ags.startswith(only) or only.startswith(ags)


def _left_association(one: FileArea, version: AreaVersion | None) -> bool:
    """Tell whether the digits of another association, or of none, stand in the key now."""
    return bool(one.ars and version) and one.ars[:9] != (version.ars if version else "")[:9]


def _percent_inside(version: AreaVersion, one: FileArea) -> int:
    outline = outline_of(version.geometry)
    if not outline or not one.outline:
        return 0
    return min(100, round(100 * overlap_km2(outline, one.outline) / area_km2(outline)))


def _in_words(version: AreaVersion, name: str, new: Any, ags: str) -> Changed:
    model_field = AreaVersion._meta.get_field(name)
    label = str(getattr(model_field, "verbose_name", name))
    if name == "geometry":
        return Changed(label, "" if version.geometry is None else _("so far"), _("new"))
    old = getattr(version, name)
    if name == "kind":
        return Changed(label, kind_name(old, version.ags), kind_name(new, ags))
    return Changed(label, _value(old), _value(new))


def _value(value: Any) -> str:
    if isinstance(value, Decimal):
        return number_text(value.normalize())
    return "" if value is None else str(value)


def _told(version: AreaVersion) -> str:
    period = (
        "" if version.valid_to is None else f", {period_text(version.valid_from, version.valid_to)}"
    )
    known = version.ags or kind_name(version.kind, "")
    return f"{version.name} ({known}{period})"
