"""Real official files are read with exactly the counts that an independent reader found."""

import io
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from zusammenplan.indicators.domain.files import opened_table
from zusammenplan.indicators.domain.shapes import Reading

SHARED = Path(__file__).parents[4] / "shared" / "data" / "genesis"
EXPECTED = (
    json.loads((SHARED / "EXPECTED_COUNTS.json").read_text(encoding="utf-8"))
    if SHARED.exists()
    else {"ffcsv_current": {}, "classic_table": {}}
)


@pytest.mark.skipif(not SHARED.exists(), reason="the real files are not beside the project")
@pytest.mark.parametrize(("name", "expected"), EXPECTED["ffcsv_current"].items())
def test_flat_file_has_the_expected_counts(name: str, expected: dict[str, Any]) -> None:
    with (SHARED / "ffcsv_current" / name).open("rb") as file, opened_table(file, name) as opened:
        about = opened.about
        values = [one for one in opened.readings or () if isinstance(one, Reading)]

    assert about.rows == expected["rows"] == len(values)
    assert dict(Counter(one.cell.kind for one in values)) == expected["values"]
    assert {one.region.variable for one in values} >= set(expected["region_variables"])
    assert sorted(
        {f"{one.kind.measure.code} [{one.kind.measure.unit}]" for one in values}
    ) == sorted(expected["measures"])


@pytest.mark.skipif(not SHARED.exists(), reason="the real files are not beside the project")
@pytest.mark.parametrize(("name", "expected"), EXPECTED["classic_table"].items())
def test_classic_table_has_the_expected_counts(name: str, expected: dict[str, Any]) -> None:
    with (SHARED / "classic_table" / name).open("rb") as file, opened_table(file, name) as opened:
        about = opened.about
        everything = list(opened.readings or ())
        values = [one for one in everything if isinstance(one, Reading)]

    assert len(everything) == len(values)
    assert about.encoding == expected["encoding"]
    assert expected["table"].endswith(about.table)
    assert about.rows == expected["data_rows"]
    assert dict(Counter(one.cell.kind for one in values)) == expected["values"]
    assert f"Stand: {about.as_of}" == expected["stand"]
    assert len({one.row for one in values if one.region.key == "16069"}) == expected["rows_16069"]
    assert len(values[0].kind.breakdown) == expected["extra_stub_columns"]


@pytest.mark.skipif(not SHARED.exists(), reason="the real files are not beside the project")
def test_zipped_answer_of_the_service_is_read_like_the_plain_file() -> None:
    zipped = (SHARED / "ffcsv_current" / "12411-01-01-4_raw_response.zip").read_bytes()
    plain = (SHARED / "ffcsv_current" / "12411-01-01-4_de_flat.csv").read_bytes()

    assert told(zipped) == told(plain)


def told(content: bytes) -> list[tuple[Any, ...]]:
    """Give what was read as plain values, for the shared objects compare by identity."""
    with opened_table(io.BytesIO(content)) as opened:
        return [
            (it.row, it.region.key, it.time.text, it.kind.measure, it.kind.breakdown, it.cell)
            for it in opened.readings or ()
            if isinstance(it, Reading)
        ]
