"""Real official files are read with exactly the counts that an independent reader found."""

import io
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from zusammenplan.indicators.domain.files import read_official
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
    with (SHARED / "ffcsv_current" / name).open("rb") as file:
        about, readings = read_official(file)
        values = [one for one in readings if isinstance(one, Reading)]

    assert about.rows == expected["rows"] == len(values)
    assert dict(Counter(one.cell.kind for one in values)) == expected["values"]
    assert {one.region_variable for one in values} >= set(expected["region_variables"])
    assert sorted({f"{one.measure.code} [{one.measure.unit}]" for one in values}) == sorted(
        expected["measures"]
    )


@pytest.mark.skipif(not SHARED.exists(), reason="the real files are not beside the project")
@pytest.mark.parametrize(("name", "expected"), EXPECTED["classic_table"].items())
def test_classic_table_has_the_expected_counts(name: str, expected: dict[str, Any]) -> None:
    with (SHARED / "classic_table" / name).open("rb") as file:
        about, readings = read_official(file)
        everything = list(readings)
        values = [one for one in everything if isinstance(one, Reading)]

    assert len(everything) == len(values)
    assert about.encoding == expected["encoding"]
    assert expected["table"].endswith(about.table)
    assert about.rows == expected["data_rows"]
    assert dict(Counter(one.cell.kind for one in values)) == expected["values"]
    assert f"Stand: {about.as_of}" == expected["stand"]
    assert len({one.row for one in values if one.region == "16069"}) == expected["rows_16069"]
    assert len(values[0].breakdown) == expected["extra_stub_columns"]


@pytest.mark.skipif(not SHARED.exists(), reason="the real files are not beside the project")
def test_zipped_answer_of_the_service_is_read_like_the_plain_file() -> None:
    zipped = (SHARED / "ffcsv_current" / "12411-01-01-4_raw_response.zip").read_bytes()
    plain = (SHARED / "ffcsv_current" / "12411-01-01-4_de_flat.csv").read_bytes()

    assert list(read_official(io.BytesIO(zipped))[1]) == list(read_official(io.BytesIO(plain))[1])
