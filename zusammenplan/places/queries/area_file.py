"""A file of areas, recognised by its content: GeoJSON, or the municipal directory as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zusammenplan.core.garbage import without_collecting
from zusammenplan.core.tables import UnreadableFileError, read_tables
from zusammenplan.places.domain.area_files import Unreadable, UnreadableError
from zusammenplan.places.domain.directory import is_directory, read_directory
from zusammenplan.places.domain.geojson import read_geojson
from zusammenplan.places.queries.file_words import MOST_BYTES, too_large_text, unreadable_text

if TYPE_CHECKING:
    from zusammenplan.places.domain.area_files import AreaFile

ROWS_LOOKED_AT = 20


@without_collecting()
def read_area_file(name: str, content: bytes) -> AreaFile:
    """
    Read all areas of a file, whatever its name.

    :raises UnreadableFileError: if it is none; the message says why and what to do
    """
    demand_area_file_size(name, len(content))
    try:
        return read_geojson(content)
    except UnreadableError as no_geojson:
        if no_geojson.why not in {Unreadable.NOT_JSON, Unreadable.ARCHIVE, Unreadable.BINARY}:
            raise UnreadableFileError(unreadable_text(name, no_geojson)) from no_geojson
        return _read_table(name, content, no_geojson)


def demand_area_file_size(name: str, size: int) -> None:
    """
    Refuse a file that is too large before anything of it is read.

    :raises UnreadableFileError: if it is
    """
    if size > MOST_BYTES:
        raise UnreadableFileError(too_large_text(name))


def _read_table(name: str, content: bytes, no_geojson: UnreadableError) -> AreaFile:
    """Read the directory; what is no table at all is refused as no GeoJSON."""
    if content.lstrip()[:1] in {b"{", b"["}:
        raise UnreadableFileError(unreadable_text(name, no_geojson))
    try:
        tables = read_tables(name, content)
    except UnreadableFileError as no_table:
        # An archive that is no workbook: perhaps a shapefile in a ZIP.
        if no_geojson.why == Unreadable.ARCHIVE and ".xl" not in name.casefold():
            raise UnreadableFileError(unreadable_text(name, no_geojson)) from no_table
        raise
    for table in tables:
        if is_directory([row.cells for row in table.rows[:ROWS_LOOKED_AT]]):
            return read_directory([(row.number, row.cells) for row in table.rows])
    raise UnreadableFileError(unreadable_text(name, UnreadableError(Unreadable.NO_DIRECTORY)))
