"""A request that brings too much along is refused; who is signed in gets to read why."""

import io
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import RequestDataTooBig

from zusammenplan.core import bodies


@pytest.mark.parametrize(
    ("is_known", "length", "left"), [(True, 10, b""), (False, 10, b"x" * 10), (True, 30, b"x" * 10)]
)
def test_too_much_is_taken_from_people_who_are_signed_in_before_it_is_refused(
    monkeypatch: pytest.MonkeyPatch, settings: Any, is_known: bool, length: int, left: bytes
) -> None:
    monkeypatch.setattr(bodies, "MOST_BYTES", 5)
    monkeypatch.setattr(bodies, "MOST_THROWN_AWAY", 20)
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 5
    sent = io.BytesIO(b"x" * 10)
    handler = bodies.BoundedUploadHandler()
    handler.request = SimpleNamespace(user=SimpleNamespace(is_authenticated=is_known))  # type: ignore[assignment] # as much of one as it asks for

    with pytest.raises(RequestDataTooBig):
        handler.handle_raw_input(sent, {}, length, "boundary")

    # A browser that could not send all shows no answer.
    assert sent.read() == left
