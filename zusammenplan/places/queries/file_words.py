"""What is wrong with a file of areas, in sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from zusammenplan.places.domain.area_files import Reason, Unreadable

if TYPE_CHECKING:
    from zusammenplan.places.domain.area_files import RefusedArea, UnreadableError

MEGABYTE = 1024 * 1024
# More than any edition of the BKG's small scales for one Land.
MOST_BYTES = 30 * MEGABYTE


def too_large_text(name: str) -> str:
    """Say that a file is too large and which one to take instead."""
    return _(
        "The file “%(file)s” is larger than %(limit)s MB. Cut out your Land, or take a coarser "
        "edition such as VG2500."
    ) % {"file": name, "limit": MOST_BYTES // MEGABYTE}


def unreadable_text(name: str, error: UnreadableError) -> str:
    """Say why a whole file cannot be read and what to do."""
    line, _colon, column = error.detail.partition(":")
    values = {"file": name, "detail": error.detail, "line": line, "column": column}
    return {
        Unreadable.EMPTY: _("The file “%(file)s” is empty. Choose the file with the areas."),
        Unreadable.HTML: _(
            "The file “%(file)s” is a web page, not the data. Open its address, download the "
            "GeoJSON file itself, and choose that one."
        ),
        Unreadable.ARCHIVE: _(
            "The file “%(file)s” is an archive. Unpack it. If there is a shapefile (SHP) in it, "
            "save that as GeoJSON in WGS 84 with a geographic program such as QGIS."
        ),
        Unreadable.BINARY: _(
            "The file “%(file)s” is no text, perhaps a GeoPackage or a shapefile. "
            "Save it as GeoJSON in WGS 84 with a geographic program such as QGIS."
        ),
        Unreadable.NOT_JSON: _(
            "The file “%(file)s” is no GeoJSON, or its end is missing: it cannot be read from "
            "line %(line)s, column %(column)s on. Download it anew."
        ),
        Unreadable.ENCODING: _(
            "Letters in the file “%(file)s” are broken (such as “Ã¤” instead of “ä”) from line "
            "%(line)s, column %(column)s on, because it was saved in the wrong encoding. "
            "Download it anew."
        ),
        Unreadable.TOPOJSON: _(
            "The file “%(file)s” is TopoJSON. Save it as GeoJSON with a geographic program."
        ),
        Unreadable.NO_FEATURES: _(
            "The file “%(file)s” holds no list of areas (FeatureCollection). "
            "Choose a GeoJSON file with areas."
        ),
        Unreadable.DATUM: _(
            "The file “%(file)s” is measured in %(detail)s. Only WGS 84 (EPSG:4326) can be read. "
            "Save it as GeoJSON in WGS 84 with a geographic program such as QGIS."
        ),
        Unreadable.NO_DIRECTORY: _(
            "The table in “%(file)s” is no municipal directory: the columns “Land, RB, Kreis, VB, "
            "Gem” of the regional key are missing."
        ),
    }[error.why] % values


def reason_text(refused: RefusedArea) -> str:
    """Say why one area of a file is not taken."""
    ags, _blank, ars = refused.detail.partition(" ")
    values = {"detail": refused.detail, "ags": ags, "ars": ars}
    return {
        Reason.NO_NAME: _("The name is missing (GEN or name)."),
        Reason.BAD_KEY: _("“%(detail)s” is no official key: AGS has 8 digits, ARS has 12."),
        Reason.LOST_ZERO: _(
            "The key %(detail)s has lost its leading zero. Save keys as text, not as numbers."
        ),
        Reason.KEYS_DIFFER: _(
            "The regional key %(ars)s does not belong to the key %(ags)s: its first five and "
            "its last three digits must be the same."
        ),
        Reason.NO_SHAPE: _("The outline is missing or empty."),
        Reason.NOT_AN_AREA: _("“%(detail)s” is no area. Only polygons can be read."),
        Reason.BAD_NUMBER: _("Point %(detail)s of the outline is no pair of numbers."),
        Reason.UNCLOSED: _(
            "The outline is not closed: its last point (%(detail)s) is not its first one."
        ),
        Reason.TOO_FEW_POINTS: _("The outline has too few points: %(detail)s."),
        Reason.CROSSES_ITSELF: _("The outline crosses itself near %(detail)s."),
        Reason.SWAPPED: _(
            "Longitude and latitude are swapped (%(detail)s). GeoJSON wants the longitude first, "
            "such as 10.7 50.6."
        ),
        Reason.NOT_IN_DEGREES: _(
            "The numbers (%(detail)s) are no degrees, perhaps metres of UTM or Gauß-Krüger. "
            "Save the file in WGS 84 (EPSG:4326)."
        ),
        Reason.FAR_AWAY: _("The outline (%(detail)s) does not lie in Germany."),
        Reason.TWO_NAMES: _("The same key stands for “%(detail)s” in this file too."),
        Reason.ONLY_WATER: _("There is only water or land without its structure (geofactor GF)."),
    }[refused.reason] % values
