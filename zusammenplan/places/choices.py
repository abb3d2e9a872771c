"""The words of places: what kind of area one is, and what becomes of it."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _, pgettext_lazy


class AreaKind(TextChoices):
    """What kind of area it is."""

    COUNTRY = "country", _("country")
    LAND = "land", pgettext_lazy("area", "state")
    REGION = "region", pgettext_lazy("area", "region")
    COUNTY = "county", _("county")
    PLANNING_AREA = "planning_area", _("planning area")
    MUNICIPALITY = "municipality", _("municipality")
    DISTRICT = "district", _("district")


# Before an area has a key, nothing tells the two apart.
KINDS_TO_CHOOSE = [
    (kind.value, _("county or independent city") if kind == AreaKind.COUNTY else kind.label)
    for kind in AreaKind
]


class TransitionKind(TextChoices):
    """What became of an area on a day (Gebietsänderung)."""

    MERGE = "merge", _("merged into")
    SPLIT = "split", _("split into")
    RENAME = "rename", _("renamed")
    REKEY = "rekey", _("given another key")
    PARTIAL = "partial", _("gave a part to")
    MOVE = "move", _("came to lie in another area")
