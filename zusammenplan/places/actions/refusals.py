"""Why a deed on areas is not possible, each with a sentence for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _, ngettext

from zusammenplan.places.queries.words import day_text, period_text

if TYPE_CHECKING:
    from datetime import date

    from zusammenplan.places.models import Area, AreaVersion


class AreaRefusedError(Exception):
    """A deed on areas is refused; ``field`` names the field of the form that is to blame."""

    field: str | None = None


class AreaNameTakenError(AreaRefusedError):
    """Another area has this name."""

    field = "name"

    def __init__(self, name: str) -> None:
        super().__init__(
            _("There is already an area “%(name)s”. Choose another name.") % {"name": name}
        )


class AreaInItselfError(AreaRefusedError):
    """The area would lie in itself."""

    field = "parent"

    def __init__(self, area: Area, parent: Area) -> None:
        super().__init__(
            _("“%(parent)s” lies in “%(area)s” or is it. Choose another area.")
            % {"area": area, "parent": parent}
        )


class AreaInUseError(AreaRefusedError):
    """Something is linked to the area, or another area lies in it."""

    def __init__(self, area: Area | AreaVersion, *, parts: int = 0, uses: int = 0) -> None:
        values = {"area": area, "number": parts or uses}
        if parts:
            sentence = ngettext(
                "%(number)d area lies in “%(area)s”. Move it to another one first.",
                "%(number)d areas lie in “%(area)s”. Move them to another one first.",
                parts,
            )
        else:
            sentence = ngettext(
                "“%(area)s” is named in %(number)d place. Take the link away there first.",
                "“%(area)s” is named in %(number)d places. Take the links away there first.",
                uses,
            )
        super().__init__(sentence % values)


class AreaReasonMissingError(AreaRefusedError):
    """Somebody deletes without saying why."""

    def __init__(self) -> None:
        super().__init__(
            _("Say in a few words why it is deleted. The reason stays in the history.")
        )


class PeriodTurnedError(AreaRefusedError):
    """The last day lies before the first."""

    field = "valid_to"

    def __init__(self) -> None:
        super().__init__(_("The last day lies before the first one. Correct one of them."))


class VersionsOverlapError(AreaRefusedError):
    """Two versions of one area would be valid on the same day."""

    field = "valid_from"

    def __init__(self, other: AreaVersion) -> None:
        super().__init__(
            _(
                "“%(version)s” is valid %(period)s already. Two versions of one area cannot be "
                "valid on the same day."
            )
            % {"version": other, "period": period_text(other.valid_from, other.valid_to)}
        )


class KeyOfOtherKindError(AreaRefusedError):
    """The key has the length of another kind of area."""

    field = "ags"

    def __init__(self, key: str, kind: str, meant: str) -> None:
        super().__init__(
            _("%(key)s is the key of a %(meant)s, but the area is a %(kind)s.")
            % {"key": key, "meant": meant, "kind": kind}
        )


class KeysDifferError(AreaRefusedError):
    """AGS and ARS belong to different municipalities."""

    field = "ars"

    def __init__(self, ags: str, ars: str) -> None:
        super().__init__(
            _(
                "The regional key %(ars)s does not belong to the key %(ags)s: its first five and "
                "its last three digits must be the same."
            )
            % {"ags": ags, "ars": ars}
        )


class KeyTakenError(AreaRefusedError):
    """Another area has the key on the same days."""

    field = "ags"

    def __init__(self, key: str, other: AreaVersion) -> None:
        super().__init__(
            _("“%(area)s” has the key %(key)s %(period)s already.")
            % {
                "area": other,
                "key": key,
                "period": period_text(other.valid_from, other.valid_to),
            }
        )


class ParentNotThereError(AreaRefusedError):
    """The area in which this one shall lie does not exist on that day."""

    field = "parent"

    def __init__(self, parent: Area, day: date | None) -> None:
        sentence = (
            _("“%(parent)s” did not exist on %(day)s. Choose another area or other days.")
            if day
            else _("“%(parent)s” does not exist any more. Choose another area or other days.")
        )
        super().__init__(sentence % {"parent": parent, "day": day_text(day) if day else ""})


class ParentOfOtherKeyError(AreaRefusedError):
    """The key names another county than the one in which the area shall lie."""

    field = "parent"

    def __init__(self, key: str, county: AreaVersion) -> None:
        super().__init__(
            _("The key %(key)s does not belong to “%(county)s”, whose key is %(other)s.")
            % {"key": key, "county": county, "other": county.ags}
        )


class LastVersionError(AreaRefusedError):
    """The only version of an area cannot go."""

    def __init__(self, area: Area) -> None:
        super().__init__(
            _("This is the only version of “%(area)s”. Delete the area instead.") % {"area": area}
        )


class NotValidThenError(AreaRefusedError):
    """The area has no version that was valid on the day before the change."""

    field = "day"

    def __init__(self, area: Area, day: date) -> None:
        super().__init__(
            _("“%(area)s” has no version that was valid before and on %(day)s. Choose another day.")
            % {"area": area, "day": day_text(day)}
        )


class TransitionDayError(AreaRefusedError):
    """The versions do not meet on the day."""

    field = "on"

    def __init__(self, before: AreaVersion, after: AreaVersion, on: date) -> None:
        super().__init__(
            _(
                "On %(day)s “%(before)s” does not end and “%(after)s” does not begin. "
                "The older version must be valid until the day before, the newer one from the day."
            )
            % {"before": before, "after": after, "day": day_text(on)}
        )


class TransitionThereError(AreaRefusedError):
    """What became of the one into the other is noted already."""

    field = "after"

    def __init__(self) -> None:
        super().__init__(_("This change of territory is noted already. Change that one."))


class SharesTooLargeError(AreaRefusedError):
    """The parts of a split are more than the whole."""

    field = "share_population"

    def __init__(self, before: AreaVersion) -> None:
        super().__init__(
            _("The parts of “%(area)s” would be more than all of it. Their shares add up to 1.")
            % {"area": before}
        )


class NothingToChangeError(AreaRefusedError):
    """Nothing was chosen that would change anything."""

    def __init__(self) -> None:
        super().__init__(_("Nothing would change. Choose what is to be different."))
