"""The words of places: what kind of area one is."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _, pgettext_lazy


class AreaKind(TextChoices):
    """What kind of area it is."""

    LAND = "land", pgettext_lazy("area", "state")
    COUNTY = "county", _("county")
    PLANNING_AREA = "planning_area", _("planning area")
    MUNICIPALITY = "municipality", _("municipality")
    DISTRICT = "district", _("district")
