"""What the product is compared with: bare Django views behind the same middleware."""

from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from zusammenplan.ballots.models import Ballot, Item, Mark, Voter
from zusammenplan.indicators.models import Figure, Indicator
from zusammenplan.plans.models import Measure

ROWS = engines["django"].from_string(
    """<!DOCTYPE html><html lang="de"><title>Maßnahmen</title><ul>{% for row in rows %}
    <li><p>{{ row.priority_round }}</p><h3>{{ row.number }} {{ row.title_de }}</h3>
    <p>{{ row.text_de }}</p><p>{{ row.status }}</p></li>{% endfor %}</ul></html>"""
)


@login_not_required
def trivial(_request: HttpRequest) -> HttpResponse:
    """Answer two letters."""
    return HttpResponse("ok")


@login_not_required
def rows(request: HttpRequest, plan: int) -> HttpResponse:
    """Show a plan's measures as rows of five texts from one query, as many as the real page."""
    measures = Measure.objects.filter(plan=plan).order_by("position")
    return HttpResponse(ROWS.render({"rows": measures}, request))


FIGURES = engines["django"].from_string(
    """<!DOCTYPE html><html lang="de"><title>Kennzahlen</title><ul>{% for row in rows %}
    <li><p>{{ row.ends_on }}</p><h3>{{ row.indicator_id }} {{ row.area_id }}</h3>
    <p>{{ row.value }}</p><p>{{ row.sign }}{{ row.quality }}</p></li>{% endfor %}</ul></html>"""
)


@login_not_required
def figures(request: HttpRequest, area: int) -> HttpResponse:
    """Show as many figures as a profile reads: its own ones, and those of all others."""
    own = Figure.objects.filter(area=area, indicator__is_key=True)
    day = own.order_by("-ends_on").values_list("ends_on", flat=True)[0]
    keys = Indicator.objects.filter(figures__area=area, is_key=True).distinct()
    others = Figure.objects.filter(indicator__in=keys, ends_on=day)
    return HttpResponse(FIGURES.render({"rows": [*own, *others]}, request))


_prepared: dict[int, tuple[int, list[int]]] = {}


def _group_and_items(voter: int) -> tuple[int, list[int]]:
    """Know them from the second vote on, so that the floor asks the database nothing."""
    if not _prepared:
        group = Voter.objects.select_related("group").get(pk=voter).group
        items = Item.objects.filter(round=group.round_id).order_by("position")
        _prepared[0] = group.pk, list(items.values_list("pk", flat=True))
    return _prepared[0]


@csrf_exempt
@login_not_required
def vote(_request: HttpRequest, voter: int) -> HttpResponse:
    """Insert a prepared ballot for a prepared voter in one transaction, unchecked."""
    group, items = _group_and_items(voter)
    with transaction.atomic():
        ballot = Ballot.objects.create(voter_id=voter, changed_at=timezone.now())
        Mark.objects.bulk_create(
            Mark(ballot=ballot, group_id=group, item_id=item, grade=position % 6 + 1)
            for position, item in enumerate(items)
        )
    return HttpResponse("ok")
