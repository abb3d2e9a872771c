"""One file per benchmark; each gives its rows on an empty database of its own."""

from collections.abc import Callable, Mapping

from bench.cases.cached import cached_pages
from bench.cases.data import data
from bench.cases.data_whole import data_whole
from bench.cases.evaluation import evaluation
from bench.cases.memory import memory
from bench.cases.plan_page import plan_page
from bench.cases.scale import scale
from bench.cases.statistics_import import statistics_import
from bench.cases.vote import vote
from bench.cases.wall import wall
from bench.measure import Row

CASES: Mapping[str, Callable[[], list[Row]]] = {
    "cached": cached_pages,
    "page": plan_page,
    "scale": scale,
    "vote": vote,
    "evaluation": evaluation,
    "wall": wall,
    "statistics-import": statistics_import,
    "data": data,
    "data-whole": data_whole,
    "memory": memory,
}
