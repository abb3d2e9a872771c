"""Two people keep a view of the data at the same moment."""

import pytest
from django.utils import timezone

from zusammenplan.core.tests.races import Deed, Race
from zusammenplan.indicators.actions.views import keep_view
from zusammenplan.indicators.models import DataView
from zusammenplan.people.tests.factories import make_planner

pytestmark = pytest.mark.django_db(transaction=True)


def keeps(name: str) -> Deed:
    by, now = make_planner(), timezone.now()
    return lambda: keep_view(name=name, target="/daten/", is_public=False, by=by, now=now)


def test_two_views_of_one_name_kept_at_once_get_an_address_each() -> None:
    outcomes = Race().overlapping(keeps("Ilsetal"), keeps("Ilsetal"))

    assert outcomes == (None, None)
    slugs = DataView.objects.order_by("slug").values_list("slug", flat=True)
    assert list(slugs) == ["ilsetal", "ilsetal-2"]
