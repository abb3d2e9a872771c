"""How much memory a deed of this process takes."""

import threading
from collections.abc import Callable
from typing import TypeVar

from bench.server import status_of

T = TypeVar("T")


def peak_megabytes(run: Callable[[], T]) -> tuple[float, T]:
    """Give the most memory of its own that this process had meanwhile, and what came of it."""
    seen = [status_of("self")["RssAnon"]]
    is_over = threading.Event()

    def watch() -> None:
        # So seldom that it takes nothing from what is measured.
        while not is_over.wait(0.02):
            seen.append(status_of("self")["RssAnon"])

    watcher = threading.Thread(target=watch)
    watcher.start()
    result = run()
    is_over.set()
    watcher.join()
    return max(*seen, status_of("self")["RssAnon"]) / 1024, result
