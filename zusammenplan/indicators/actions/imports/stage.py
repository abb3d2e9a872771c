"""
Where the values of files stand before they are taken over: temporary tables of this connection.

A value's key is one number: where and when, and which quantity of whom, each as its place in a
small table. So a million values are compared and taken over by the database, a few statements in
all, and this process never holds more than a batch. Nobody else sees these tables, and they go at
the end.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import connection

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from types import TracebackType
    from typing import Self

AREA_BITS, TIME_BITS, KIND_BITS = 17, 12, 24
COLUMN_BITS, LINE_BITS = 16, 36
BATCH = 10_000

VALUE_COLUMNS = "value NUMERIC(20, 6), raw VARCHAR(60), mark INTEGER, at BIGINT"
TABLES = {
    # As they are read, in any order; then in the order of their keys, each once.
    "zp_read": f"key BIGINT, {VALUE_COLUMNS}",
    "zp_stage": f"key {{key}} {{first}}, {VALUE_COLUMNS}",
    "zp_match": "key {key} PRIMARY KEY, observation BIGINT, state SMALLINT",
    "zp_place": "number INTEGER PRIMARY KEY, version BIGINT, starts_on DATE, ends_on DATE",
    # ``which`` counts the quantities of the files, of which new ones have no row yet.
    "zp_kind": "number INTEGER PRIMARY KEY, which INTEGER, quantity BIGINT, is_count INTEGER,"
    " sex VARCHAR(1), age_from SMALLINT, age_to SMALLINT, other VARCHAR(200)",
    "zp_mark": "number INTEGER PRIMARY KEY, sign VARCHAR(3), quality VARCHAR(6), file INTEGER,"
    " source BIGINT, is_old INTEGER",
}
PLACE_OF = f"(s.key >> {KIND_BITS})"
KIND_OF = f"(s.key & {(1 << KIND_BITS) - 1})"
FILE_OF = f"(s.at >> {LINE_BITS + COLUMN_BITS})"
# SQLite takes tables joined crosswise in the order in which they stand: the values first.
JOINED = f"""
    FROM zp_stage s
    CROSS JOIN zp_place p
    CROSS JOIN zp_kind k
    CROSS JOIN zp_mark m
    {{more}}
    WHERE p.number = {PLACE_OF} AND k.number = {KIND_OF} AND m.number = s.mark
"""
# A number written in digits alone is not kept a second time.
RAW = "COALESCE(s.raw, CAST(CAST(s.value AS BIGINT) AS VARCHAR(60)))"
Value = tuple[int, str | None, str | None, int, int]


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a value stands: the file's place among those given, line and column."""

    file: int
    line: int
    column: int


def packed(file: int, line: int, column: int) -> int:
    return (file << LINE_BITS | line) << COLUMN_BITS | column


def spot_of(at: int) -> Spot:
    rest, column = at >> COLUMN_BITS, at & ((1 << COLUMN_BITS) - 1)
    return Spot(rest >> LINE_BITS, rest & ((1 << LINE_BITS) - 1), column)


class Stage:
    """The temporary tables, for as long as the context lasts."""

    def __init__(self) -> None:
        self.is_postgresql = connection.vendor == "postgresql"
        # How many values were written as they were read.
        self.read = 0

    def __enter__(self) -> Self:
        # SQLite's rows stand in the order of the key; PostgreSQL joins as fast without an index.
        key, first = ("BIGINT", "") if self.is_postgresql else ("INTEGER", "PRIMARY KEY")
        self._drop()
        for name, columns in TABLES.items():
            self.run(f"CREATE TEMPORARY TABLE {name} ({columns.format(key=key, first=first)})")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        # After a fault of the database its transaction is over, and the tables with it.
        if not connection.needs_rollback:
            self._drop()

    def _drop(self) -> None:
        space = "pg_temp" if self.is_postgresql else "temp"
        for name in TABLES:
            self.run(f"DROP TABLE IF EXISTS {space}.{name}")

    def run(self, sql: str, parameters: Sequence[Any] = ()) -> int:
        """Run one statement; give how many rows it changed."""
        with connection.cursor() as cursor:
            cursor.execute(sql, parameters)
            return int(cursor.rowcount)

    def ask(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(sql, parameters)
            return list(cursor.fetchall())

    def fill(self, table: str, rows: Iterable[Sequence[Any]]) -> None:
        """Add rows to one of the small tables."""
        rows = list(rows)
        if rows:
            marks = ", ".join(["%s"] * len(rows[0]))
            with connection.cursor() as cursor:
                cursor.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)  # noqa: S608 - our own table

    def take(self, values: Iterable[list[Value]]) -> None:
        """
        Write batches of values as fast as the database takes them.

        Whatever stops the reading half way is raised only when the database has ended its own
        statement, so that the connection is as good as before.
        """
        faults: list[Exception] = []
        values = self._counted(values)
        with connection.cursor() as cursor:
            if self.is_postgresql:
                with cursor.copy("COPY zp_read FROM STDIN") as copy:
                    for batch in _until_fault(values, faults):
                        copy.write("".join(map(_line, batch)))
            else:
                # One short transaction, which waits for no other: nobody else sees these tables.
                cursor.execute("SAVEPOINT zp_take")
                for batch in _until_fault(values, faults):
                    cursor.executemany("INSERT INTO zp_read VALUES (%s, %s, %s, %s, %s)", batch)
                cursor.execute("RELEASE SAVEPOINT zp_take")
        if faults:
            raise faults[0]

    def _counted(self, values: Iterable[list[Value]]) -> Iterator[list[Value]]:
        for batch in values:
            self.read += len(batch)
            yield batch

    def sort(self) -> int:
        """Put the values in the order of their keys, each once; give how many stood twice."""
        if self.is_postgresql:
            kept = self.run(
                "INSERT INTO zp_stage SELECT DISTINCT ON (key) key, value, raw, mark, at"
                " FROM zp_read ORDER BY key, at"
            )
            self.run("ANALYZE zp_stage")
        else:
            kept = self.run(
                "INSERT INTO zp_stage SELECT key, value, raw, mark, at FROM zp_read WHERE 1 = 1"
                " ORDER BY key, at ON CONFLICT DO NOTHING"
            )
        return self.read - kept

    def clashes(self, limit: int) -> list[tuple[int, Spot, Spot]]:
        """Give the keys that stand twice with different values, and where."""
        rows = self.ask(
            "SELECT r.key, s.at, r.at FROM zp_read r JOIN zp_stage s ON s.key = r.key"
            " JOIN zp_mark m ON m.number = s.mark JOIN zp_mark n ON n.number = r.mark"
            " WHERE r.at <> s.at AND (m.sign <> n.sign OR COALESCE(s.value, -1) <>"
            " COALESCE(r.value, -1)) ORDER BY r.at LIMIT %s",
            [limit],
        )
        return [(key, spot_of(first), spot_of(second)) for key, first, second in rows]

    def forget_read(self) -> None:
        """Throw away the values in the order of reading, once nothing more is asked of it."""
        self.run("TRUNCATE zp_read" if self.is_postgresql else "DELETE FROM zp_read")


def _until_fault(values: Iterable[list[Value]], faults: list[Exception]) -> Iterator[list[Value]]:
    try:
        yield from values
    except Exception as fault:  # noqa: BLE001 - raised by the caller
        faults.append(fault)


def _line(value: Value) -> str:
    key, number, raw, mark, at = value
    if raw is None:
        return f"{key}\t{number}\t\\N\t{mark}\t{at}\n"
    raw = raw.replace("\\", "\\\\").replace("\t", " ").replace("\n", " ").replace("\r", " ")
    return f"{key}\t{chr(92) + 'N' if number is None else number}\t{raw}\t{mark}\t{at}\n"
