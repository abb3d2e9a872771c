"""Spare Python the search for garbage while thousands of records are made that all stay."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_collecting() -> Iterator[None]:
    """
    Put off the search for circular garbage; also a decorator.

    Reading a plan makes a hundred thousand small objects, none of them garbage, and Python would
    look through all of them again and again: it takes half of the time. Memory that is no longer
    referred to is freed as ever. Whoever comes while it is off leaves it off.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
