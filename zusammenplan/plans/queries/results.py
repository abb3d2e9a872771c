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
from typing import TYPE_CHECKING, Any, Literal

from django.core.paginator import Page, Paginator
from django.db import connection
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
from zusammenplan.plans.domain.goal_tree import descendants
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
from zusammenplan.plans.queries.goals import goals_in_tree_order, placed_goals

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

GOALS_A_PAGE = 50
# More than any plan has; a download holds them all.
ALL_GOALS = 1_000_000

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
    is_better: bool = False
    is_worse: bool = False


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

    def by_field(self, of: Of) -> dict[int | None, Counts]:
        """Count for each field of action what is said of its measures or goals."""
        counted: defaultdict[int | None, Counts] = defaultdict(Counter)
        for field, sayings, number in self._counted(of, "field_id"):
            counted[field][sayings] += number
        return counted

    def by_thing(self, of: Of, things: Iterable[int]) -> dict[int, Sayings]:
        """Give what is said of these measures or goals, those of them that are in the round."""
        keys = sorted(set(things))
        return {
            key: sayings
            for start in range(0, len(keys), KEYS_A_QUERY)
            for key, sayings, _one in self._counted(of, "id", keys[start : start + KEYS_A_QUERY])
        }

    def _counted(
        self, of: Of, by: Literal["field_id", "id"], keys: Sequence[int] | None = None
    ) -> Iterable[tuple[Any, Sayings, int]]:
        """
        Count in the database how often the same is said.

        Written by hand, because Django joins no table by the identity that a measure or goal
        keeps from plan to plan.
        """
        now, *before = self.rounds
        columns, joins, values = ["r.state", "r.share"], [], []
        for place, one in enumerate(before):
            columns += [f"r{place}.state", f"r{place}.share"]
            joins.append(
                f"LEFT JOIN plans_{of} t{place}"
                f" ON t{place}.plan_id = %s AND t{place}.identity = t.identity"
                f" LEFT JOIN plans_rating r{place}"
                f" ON r{place}.evaluation_id = %s AND r{place}.{of}_id = t{place}.id"
            )
            values += [one.plan_id, one.pk]
        limit = "" if keys is None else f" AND t.id IN ({', '.join(['%s'] * len(keys))})"
        grouped = ", ".join([f"t.{by}", *columns])
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT {grouped}, COUNT(*) FROM plans_evaluationitem i"  # noqa: S608 - words of this file
                f" JOIN plans_{of} t ON t.id = i.{of}_id"
                " LEFT JOIN plans_rating r"
                f" ON r.evaluation_id = i.evaluation_id AND r.{of}_id = t.id"
                f" {' '.join(joins)} WHERE i.evaluation_id = %s{limit} GROUP BY {grouped}",
                [*values, now.pk, *(keys or ())],
            )
            rows = cursor.fetchall()
        for key, *told, number in rows:
            pairs = zip(self.said, told[::2], told[1::2], strict=True)
            yield key, tuple(said(state, share) for said, state, share in pairs), number


# What every database takes as values of one query.
KEYS_A_QUERY = 10_000


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
        places = placed_goals(self.plan)
        parents = {place.pk: place.parent_id for place in places}
        now = ratings.rounds[0]
        own = set(now.items.filter(goal__isnull=False).values_list("goal", flat=True))
        links = Measure.goals.through.objects.filter(measure__evaluation_items__evaluation=now)
        serving = with_goals_above(links.values_list("goal", flat=True).distinct(), parents)
        told = [
            (goal, depth)
            for goal, depth in goals_in_tree_order(places)
            if goal in serving or goal in own
        ]
        page: Page[Any] = Paginator(told, length).get_page(number)
        shown = [goal for goal, _depth in page.object_list]
        wanted = set(shown).union(*(descendants(places, goal) for goal in _tops(shown, parents)))
        counts = self._counts_below(ratings, links.filter(goal__in=wanted), parents)
        goals = self.plan.goals.in_bulk(shown)
        own_sayings = ratings.by_thing("goal", own & set(shown))
        page.object_list = [
            self.line(
                str(goals[goal]),
                counts[goal],
                depth=depth,
                own=own_sayings[goal][0] if goal in own_sayings else None,
            )
            for goal, depth in page.object_list
        ]
        return page

    def _counts_below(
        self,
        ratings: _Ratings,
        links: Any,
        parents: dict[int, int | None],
    ) -> defaultdict[int, Counts]:
        """Count for each goal what is said of measures below it, each of them once."""
        goals: defaultdict[int, list[int]] = defaultdict(list)
        for measure, goal in links.values_list("measure", "goal"):
            goals[measure].append(goal)
        # A place in a list is counted quicker than fractions are.
        places: dict[Sayings, int] = {}
        counted: defaultdict[int, Counter[int]] = defaultdict(Counter)
        for measure, sayings in ratings.by_thing("measure", goals).items():
            place = places.setdefault(sayings, len(places))
            for goal in with_goals_above(goals[measure], parents):
                counted[goal][place] += 1
        told = list(places)
        counts: defaultdict[int, Counts] = defaultdict(Counter)
        for goal, numbers in counted.items():
            counts[goal] = Counter({told[place]: number for place, number in numbers.items()})
        return counts

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
            is_better=comparison.change > 0,
            is_worse=comparison.change < 0,
        )
        return words, comparison

    def _url(self, workspace: str, public: str) -> str:
        return reverse(public if self.is_public else workspace, args=[self.plan.slug])


def _tops(goals: Sequence[int], parents: dict[int, int | None]) -> list[int]:
    """Give those of the goals above which stands no other of them."""
    among = set(goals)
    return [goal for goal in goals if not (with_goals_above([goal], parents) - {goal}) & among]
