"""The search for garbage is put off, and afterwards it is as before."""

import gc

import pytest

from zusammenplan.core.garbage import without_collecting


def test_it_is_off_within_and_on_again_afterwards_even_after_an_error() -> None:
    with without_collecting():
        assert not gc.isenabled()
        with without_collecting():
            pass
        assert not gc.isenabled()
    assert gc.isenabled()

    with pytest.raises(ZeroDivisionError), without_collecting():
        _ = 1 / 0
    assert gc.isenabled()
