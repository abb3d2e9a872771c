"""
The index of the full-text search: which word stands in which record, kept by the actions.

A model that shall be found names its fields in ``search_titles`` and ``search_texts``. Whoever
saves such a record by ``core.history.keep`` or deletes it by ``remove`` keeps the index too;
whoever writes many at once calls :func:`note_all`. A part that is found under its whole names the
whole in ``search_under``. See docs/decisions/.
"""

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.db import connection, transaction
from django.db.models import Case, F, IntegerField, Model, Q, QuerySet, Sum, Value, When

from zusammenplan.core.models import SearchWord
from zusammenplan.core.search import Wanted, words_to_note, words_wanted

TITLE_WEIGHT, TEXT_WEIGHT = 4, 1
LAST_LETTER = "\U0010ffff"
AT_ONCE = 500


def is_searched(model: type[Model]) -> bool:
    """Tell whether records of the model are found by their words."""
    return hasattr(model, "search_titles")


def kind_of(model: type[Model] | Model) -> str:
    return str(model._meta.label_lower)


def note(record: Model, *, fields: Iterable[str] | None = None, is_new: bool = False) -> None:
    """Note the record's words, unless none of the saved fields holds any."""
    if whole := getattr(record, "search_under", ""):
        note(getattr(record, whole))
        return
    if not is_searched(type(record)):
        return
    if fields is not None and not set(fields) & {*_names(record)}:
        return
    _exchange(record, words_in(record), is_new=is_new)


def note_all(records: Iterable[Model]) -> int:
    """Note the words of many records of one kind at once; tell how many records there were."""
    number, few = 0, []
    for record in records:
        few.append(record)
        number += 1
        if len(few) == AT_ONCE:
            _note_few(few)
            few = []
    _note_few(few)
    return number


def forget(record: Model) -> None:
    """Take the record's words away, before it is deleted."""
    if is_searched(type(record)):
        SearchWord.objects.filter(kind=kind_of(record), record=record.pk).delete()


def note_whole(part: Model) -> None:
    """Note the whole anew after this part of it was deleted."""
    if whole := getattr(part, "search_under", ""):
        note(getattr(part, whole))


def words_in(record: Model) -> dict[str, int]:
    """Give the words of a record with their weights: a title counts more than a text."""
    words: dict[str, int] = {}
    for weight, texts in (
        (TEXT_WEIGHT, _texts(record)),
        (TITLE_WEIGHT, [getattr(record, name) for name in record.search_titles]),  # type: ignore[attr-defined] # is_searched
    ):
        for text in texts:
            words |= dict.fromkeys(words_to_note(text or ""), weight)
    return words


def found(model: type[Model], text: str) -> QuerySet[SearchWord, Any] | None:
    """
    Give the keys of the records that hold all the words; nothing if no word was said.

    To be used in a filter: ``measures.filter(pk__in=found(Measure, text))``.
    """
    wanted = words_wanted(text)
    if not wanted:
        return None
    first, *others = wanted
    rows = _rows(model).filter(_says(model, first))
    for one in others:
        rows = rows.filter(record__in=_rows(model).filter(_says(model, one)).values("record"))
    return rows.values("record").distinct()


def best_first(model: type[Model], text: str, *, limit: int) -> list[int]:
    """Give the keys of the records that hold all the words; more and weightier words come first."""
    wanted = words_wanted(text)
    keys = found(model, text)
    if keys is None:
        return []
    any_of = Q()
    exact = Q()
    for one in wanted:
        any_of |= _is_one(one) | Q(word__in=one.parts)
        exact |= Q(word=one.word)
    rows = SearchWord.objects.filter(any_of, kind=kind_of(model), record__in=keys)
    # A word as it was written counts twice as much as one that only begins so.
    counts = Case(
        When(exact, then=F("weight") * Value(2)),
        default=F("weight"),
        output_field=IntegerField(),
    )
    ordered = rows.values("record").annotate(score=Sum(counts)).order_by("-score", "record")
    return [row["record"] for row in ordered[:limit]]


@transaction.atomic
def rebuild() -> dict[str, int]:
    """Note all words of all records anew; tell how many records of each kind there are."""
    SearchWord.objects.all().delete()
    return {
        kind_of(model): note_all(model._default_manager.order_by("pk").iterator(chunk_size=AT_ONCE))
        for model in searched_models()
    }


def not_noted() -> dict[str, int]:
    """Tell of each kind how many records with words are missing in the index."""
    missing = {}
    for model in searched_models():
        noted = SearchWord.objects.filter(kind=kind_of(model)).values("record")
        records = model._default_manager.exclude(pk__in=noted)
        count = sum(bool(words_in(record)) for record in records.iterator(chunk_size=AT_ONCE))
        if count:
            missing[kind_of(model)] = count
    return missing


def searched_models() -> list[type[Model]]:
    return [model for model in apps.get_models() if is_searched(model)]


def _names(record: Any) -> tuple[str, ...]:
    return (*record.search_titles, *record.search_texts)


def _texts(record: Any) -> list[str]:
    own = [getattr(record, name) for name in record.search_texts]
    parts = record.search_parts() if hasattr(record, "search_parts") and record.pk else []
    return [*own, *parts]


def _exchange(record: Model, words: dict[str, int], *, is_new: bool) -> None:
    mine = SearchWord.objects.filter(kind=kind_of(record), record=record.pk)
    noted = {} if is_new else dict(mine.values_list("word", "weight"))
    if noted == words:
        return
    gone = [word for word, weight in noted.items() if words.get(word) != weight]
    if gone:
        mine.filter(word__in=gone).delete()
    SearchWord.objects.bulk_create(
        [
            SearchWord(kind=kind_of(record), record=record.pk, word=word, weight=weight)
            for word, weight in words.items()
            if noted.get(word) != weight
        ],
        # Two who save the same record at once both note it; once is enough.
        ignore_conflicts=True,
    )


def _note_few(records: list[Model]) -> None:
    if not records:
        return
    kind = kind_of(records[0])
    SearchWord.objects.filter(kind=kind, record__in=[record.pk for record in records]).delete()
    SearchWord.objects.bulk_create(
        [
            SearchWord(kind=kind, record=record.pk, word=word, weight=weight)
            for record in records
            for word, weight in words_in(record).items()
        ],
        batch_size=AT_ONCE,
        ignore_conflicts=True,
    )


def _is_one(one: Wanted) -> Q:
    if not one.is_begun:
        return Q(word=one.word)
    if connection.vendor == "postgresql":
        return Q(word__startswith=one.word)
    # SQLite compares byte by byte, and finds a span in its index where it would not a LIKE.
    return Q(word__gte=one.word, word__lt=one.word + LAST_LETTER)


def _says(model: type[Model], one: Wanted) -> Q:
    """Take rows with the word, or with one part of the compound where the others stand too."""
    if not one.parts:
        return _is_one(one)
    first, *others = one.parts
    compound = Q(word=first)
    for part in others:
        compound &= Q(record__in=_rows(model).filter(word=part).values("record"))
    return _is_one(one) | compound


def _rows(model: type[Model]) -> QuerySet[SearchWord]:
    return SearchWord.objects.filter(kind=kind_of(model))
