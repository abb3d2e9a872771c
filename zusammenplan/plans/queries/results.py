"""
What a round of rating comes to: for the plan, by field of action and by goal.

The database counts how often something was said; only what a page shows is put into words, so a
plan with thousands of measures has its results as fast as a small one.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from django.core.paginator import Page, Paginator
from django.db import connection
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _, ngettext

from zusammenplan.plans.domain.attainment import (
    STORED_PLACES,
    Comparison,
    Said,
    Scale,
    Summary,
    compare,
    from_record,
    summarise,
    with_goals_above,
)
from zusammenplan.plans.domain.attainment_pictures import APART, Part, Track, bar, looks, track
from zusammenplan.plans.domain.goal_tree import Placed, descendants
from zusammenplan.plans.models import Evaluation, Measure, Plan
from zusammenplan.plans.queries.attainment_words import (
    apart_words,
    language,
    percent_text,
    points_text,
    rated_text,
    said_sign,
    summary_sentence,
)
from zusammenplan.plans.queries.evaluations import former_plan_round, former_round
from zusammenplan.plans.queries.goals import goals_in_tree_order

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

GOALS_A_PAGE = 50
# More than any plan has; a download holds them all.
ALL_GOALS = 1_000_000

Key = TypeVar("Key", int, int | None)
Of = Literal["measure", "goal"]
Sayings = tuple[Said, ...]
"""What is said of one thing now, and then in each of the rounds before."""
Counts = Counter[Sayings]


@dataclass(frozen=True, slots=True)
class Against:
    """A comparison in words: with which round, how much, over how many."""

    title: str
    change: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Line:
    """A summary ready for a page: picture, words, numbers."""

    name: str
    url: str
    depth: int
    average: str
    rated: str
    counts: tuple[int, ...]
    parts: tuple[Part, ...]
    sentence: str
    track: Track | None
    against: tuple[Against, ...]
    own: SafeString
    summary: Summary


@dataclass(frozen=True, slots=True)
class LegendEntry:
    look: str
    word: str
    count: int


@dataclass(frozen=True, slots=True)
class Results:
    """What a round comes to."""

    evaluation: Evaluation
    scale: Scale
    measures: Line
    goals: Line
    fields: list[Line]
    goal_fields: list[Line]
    tree: Page[Line]
    legend: list[LegendEntry]
    columns: list[str]
    former: Evaluation | None
    former_plan: Evaluation | None

    @property
    def has_measures(self) -> bool:
        return bool(self.measures.summary.total)

    @property
    def has_goals(self) -> bool:
        return bool(self.goals.summary.total)


def results_of(
    evaluation: Evaluation,
    *,
    is_public: bool = False,
    tree_page: str | None = None,
    tree_length: int = GOALS_A_PAGE,
) -> Results:
    """
    Gather the results of a round; the number of queries does not grow with it.

    Of the tree of goals only one page is read and put into words.
    """
    scale = from_record(evaluation.scale)
    before = [
        one
        for one in (former_round(evaluation), former_plan_round(evaluation))
        if one and (not is_public or one.plan_id == evaluation.plan_id or one.plan.is_public)
    ]
    ratings = _Ratings([evaluation, *before])
    measures, goals = ratings.by_field("measure"), ratings.by_field("goal")
    of_measures, of_goals = _together(measures.values()), _together(goals.values())
    writer = _Writer(evaluation.plan, scale, before, is_public=is_public)
    return Results(
        evaluation=evaluation,
        scale=scale,
        measures=writer.line(_("All measures"), of_measures),
        goals=writer.line(_("All goals"), of_goals),
        fields=writer.fields(measures),
        goal_fields=writer.fields(goals) if any(field for field in goals) else [],
        tree=writer.tree(ratings, tree_page, tree_length),
        legend=_legend(scale, of_measures + of_goals),
        columns=[band.say(language()) for band in scale.bands] + apart_words(),
        former=before[0] if before and before[0].plan_id == evaluation.plan_id else None,
        former_plan=before[-1] if before and before[-1].plan_id != evaluation.plan_id else None,
    )


class _Ratings:
    """What is said in a round, next to what rounds before it said of the same things."""

    def __init__(self, rounds: Sequence[Evaluation]) -> None:
        self.rounds = rounds
        self.said = [_reader(from_record(one.scale)) for one in rounds]
        # Fractions are read and compared slowly: what many say is read once, and has a place here.
        self.places: dict[Sayings, int] = {}
        self.read: dict[tuple[Any, ...], int] = {}

    def by_field(self, of: Of) -> dict[int | None, Counts]:
        """Count for each field of action what is said of its measures or goals."""
        counted: defaultdict[int | None, Counter[int]] = defaultdict(Counter)
        for (field,), place, number in self._counted(of, ("t.field_id",)):
            counted[field][place] += number
        return self.in_words(counted)

    def by_goal(self, goals: Collection[int]) -> Iterable[tuple[int, int, int]]:
        """Give for each link of a measure to one of these goals the place of what is said of it."""
        link = " JOIN plans_measure_goals l ON l.measure_id = t.id"
        columns = ("l.goal_id", "t.id")
        for (goal, measure), place, _one in self._counted("measure", columns, link, goals):
            yield measure, goal, place

    def of_goals(self, goals: Collection[int]) -> dict[int, int]:
        """Give the place of what is said of these goals, those of them that are in the round."""
        return {goal: place for (goal,), place, _one in self._counted("goal", ("t.id",), "", goals)}

    def in_words(self, counted: Mapping[Key, Counter[int]]) -> dict[Key, Counts]:
        """Give what is said in the place of where it is kept."""
        sayings = list(self.places)
        return {
            key: Counter({sayings[place]: number for place, number in numbers.items()})
            for key, numbers in counted.items()
        }

    def _counted(
        self, of: Of, by: Sequence[str], link: str = "", among: Collection[int] | None = None
    ) -> Iterable[tuple[Sequence[Any], int, int]]:
        """
        Count in the database how often the same is said, and give the place of what it is.

        ``by`` are columns, of which the first is one of ``among``. Written by hand, because Django
        joins no table by the identity that a measure or goal keeps from plan to plan.
        """
        if among is not None and not among:
            return
        now, *before = self.rounds
        columns, joins, values = [*by, "r.state", "r.share"], [link], []
        for place, one in enumerate(before):
            columns += [f"r{place}.state", f"r{place}.share"]
            same = "t"
            if one.plan_id != now.plan_id:
                same = f"t{place}"
                joins.append(
                    f"LEFT JOIN plans_{of} {same}"
                    f" ON {same}.plan_id = %s AND {same}.identity = t.identity"
                )
                values.append(one.plan_id)
            joins.append(
                f"LEFT JOIN plans_rating r{place}"
                f" ON r{place}.evaluation_id = %s AND r{place}.{of}_id = {same}.id"
            )
            values.append(one.pk)
        limit = "" if among is None else f" AND {by[0]} IN ({', '.join(['%s'] * len(among))})"
        grouped = ", ".join(columns)
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT {grouped}, COUNT(*) FROM plans_evaluationitem i"  # noqa: S608 - words of this file
                f" JOIN plans_{of} t ON t.id = i.{of}_id"
                " LEFT JOIN plans_rating r"
                f" ON r.evaluation_id = i.evaluation_id AND r.{of}_id = t.id"
                f" {' '.join(joins)} WHERE i.evaluation_id = %s{limit} GROUP BY {grouped}",
                [*values, now.pk, *(among or ())],
            )
            rows = cursor.fetchall()
        width = len(by)
        for row in rows:
            yield row[:width], self._place_of(row[width:-1]), row[-1]

    def _place_of(self, told: tuple[Any, ...]) -> int:
        if told not in self.read:
            pairs = zip(self.said, told[::2], told[1::2], strict=True)
            sayings = tuple(said(state, share) for said, state, share in pairs)
            self.read[told] = self.places.setdefault(sayings, len(self.places))
        return self.read[told]


def _reader(scale: Scale) -> Callable[[str | None, object], Said]:
    """Read what a database gives: SQLite knows no decimals, and joined rows may be missing."""

    @cache
    def said(state: str | None, share: object) -> Said:
        if share is None:
            return Said(state)
        return Said(state, scale.exact(Decimal(str(share)).quantize(STORED_PLACES)))

    return said


def _together(counts: Iterable[Counts]) -> Counts:
    return sum(counts, Counter())


def _legend(scale: Scale, counts: Counts) -> list[LegendEntry]:
    summary = summarise(_now(counts), scale)
    words = [band.say(language()) for band in scale.bands] + apart_words()
    numbers = [*summary.distribution, *_apart(summary)]
    names = [*looks(scale.kind, len(scale.bands)), *APART]
    return [
        LegendEntry(look, word, number)
        for look, word, number in zip(names, words, numbers, strict=True)
    ]


def _now(counts: Counts) -> Counter[Said]:
    """Count what is said now, whatever was said before."""
    found: Counter[Said] = Counter()
    for (now, *_before), number in counts.items():
        found[now] += number
    return found


def _apart(summary: Summary) -> tuple[int, int, int]:
    return summary.not_assessable, summary.dropped, summary.unrated


class _Writer:
    """Puts summaries into lines, each next to the rounds before."""

    def __init__(
        self, plan: Plan, scale: Scale, before: Sequence[Evaluation], *, is_public: bool
    ) -> None:
        self.plan = plan
        self.scale = scale
        self.before = before
        self.is_public = is_public

    def line(
        self,
        name: str,
        counts: Counts,
        *,
        url: str = "",
        depth: int = 0,
        own: Said | None = None,
    ) -> Line:
        summary = summarise(_now(counts), self.scale)
        against = [
            self._against(round_, place, counts) for place, round_ in enumerate(self.before, 1)
        ]
        comparisons = [comparison for _words, comparison in against if comparison]
        return Line(
            name=name,
            url=url,
            depth=depth,
            average=percent_text(summary.average),
            rated=rated_text(summary),
            counts=(*summary.distribution, *_apart(summary)),
            parts=bar(summary.distribution, _apart(summary), self.scale.kind),
            sentence=summary_sentence(summary, self.scale),
            track=track(comparisons[0].now, comparisons[0].before) if comparisons else None,
            against=tuple(words for words, _comparison in against),
            own=said_sign(own, self.scale) if own else SafeString(""),
            summary=summary,
        )

    def fields(self, counts: dict[int | None, Counts]) -> list[Line]:
        """Give a line for each field with something in it; without a field comes last."""
        names: dict[int | None, str] = {
            field.pk: str(field) for field in self.plan.fields.order_by("position", "pk")
        }
        names[None] = _("without a field")
        url = self._url("plans:plan-detail", "website:plan")
        anchor = "feld" if self.is_public else "field"
        return [
            self.line(name, counts[field], url=f"{url}#{anchor}-{field}" if field else "")
            for field, name in names.items()
            if field in counts
        ]

    def tree(self, ratings: _Ratings, number: str | None, length: int) -> Page[Any]:
        """Give a line for each goal: its own rating, and those of the measures below it."""
        now = ratings.rounds[0]
        links = Measure.goals.through.objects.filter(measure__evaluation_items__evaluation=now)
        here = {"goal": OuterRef("pk")}
        rows = list(
            self.plan.goals.in_order().values_list(
                "pk", "parent_id", Exists(links.filter(**here)), Exists(now.items.filter(**here))
            )
        )
        places = [Placed(goal, parent, None) for goal, parent, _serves, _is_own in rows]
        parents = {goal: parent for goal, parent, _level in places}
        own = {goal for goal, _parent, _serves, is_own in rows if is_own}
        serving = with_goals_above((row[0] for row in rows if row[2]), parents)
        told = [one for one in goals_in_tree_order(places) if one[0] in serving or one[0] in own]
        page: Page[Any] = Paginator(told, length).get_page(number)
        shown = [goal for goal, _depth in page.object_list]
        wanted = set(shown).union(*(descendants(places, goal) for goal in _tops(shown, parents)))
        counts = self._counts_below(ratings, wanted, parents, set(shown))
        goals = self.plan.goals.in_bulk(shown)
        own_places = ratings.of_goals(own & set(shown))
        sayings = list(ratings.places)
        page.object_list = [
            self.line(
                str(goals[goal]),
                counts.get(goal, Counter()),
                depth=depth,
                own=sayings[own_places[goal]][0] if goal in own_places else None,
            )
            for goal, depth in page.object_list
        ]
        return page

    def _counts_below(
        self,
        ratings: _Ratings,
        wanted: set[int],
        parents: dict[int, int | None],
        shown: set[int],
    ) -> dict[int, Counts]:
        """Count for each goal that is shown what is said of measures below it, each once."""
        goals: defaultdict[int, list[int]] = defaultdict(list)
        places: dict[int, int] = {}
        for measure, goal, place in ratings.by_goal(wanted):
            goals[measure].append(goal)
            places[measure] = place
        # Many measures serve the same goals: the way up from there is gone once for all of them.
        serving: defaultdict[frozenset[int], Counter[int]] = defaultdict(Counter)
        for measure, place in places.items():
            serving[frozenset(goals[measure])][place] += 1
        counted: defaultdict[int, Counter[int]] = defaultdict(Counter)
        for served, numbers in serving.items():
            for goal in shown & with_goals_above(served, parents):
                counted[goal].update(numbers)
        return ratings.in_words(counted)

    def _against(
        self, round_: Evaluation, place: int, counts: Counts
    ) -> tuple[Against, Comparison | None]:
        pairs: Counter[tuple[Said, Said]] = Counter()
        for sayings, number in counts.items():
            pairs[sayings[0], sayings[place]] += number
        comparison = compare(pairs)
        if comparison is None:
            return Against(round_.title, "", _("nothing rated in both rounds")), None
        sentence = ngettext(
            "from %(before)s to %(now)s, over %(both)d that both rounds rated",
            "from %(before)s to %(now)s, over %(both)d that both rounds rated",
            comparison.both,
        ) % {
            "before": percent_text(comparison.before),
            "now": percent_text(comparison.now),
            "both": comparison.both,
        }
        words = Against(
            title=round_.title,
            change=points_text(comparison.change),
            sentence=sentence,
        )
        return words, comparison

    def _url(self, workspace: str, public: str) -> str:
        return reverse(public if self.is_public else workspace, args=[self.plan.slug])


def _tops(goals: Sequence[int], parents: dict[int, int | None]) -> list[int]:
    """Give those of the goals above which stands no other of them."""
    among = set(goals)
    return [goal for goal in goals if not (with_goals_above([goal], parents) - {goal}) & among]
