"""What every test of data protection gets."""

from pathlib import Path

import pytest
from pytest_django import Settings as SettingsWrapper


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, settings: SettingsWrapper) -> None:
    """Remember whom somebody erased in a folder of the test's own."""
    settings.DATA = tmp_path
