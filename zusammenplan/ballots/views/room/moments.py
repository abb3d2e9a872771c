"""Moments as people in the room read them."""

from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from zusammenplan.ballots.models import Group


def saved_sentence(moment: datetime) -> str:
    return _("Saved at %(time)s") % {"time": _clock(moment)}


def _clock(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "TIME_FORMAT")


def moment_text(moment: datetime, now: datetime) -> str:
    """Write a moment for people in the room: today, 19:30, or with its day."""
    local = timezone.localtime(moment)
    if timezone.localdate(moment) == timezone.localdate(now):
        return _("today, %(time)s") % {"time": _clock(moment)}
    return _("%(day)s, %(time)s") % {
        "day": date_format(local, "DATE_FORMAT"),
        "time": _clock(moment),
    }


def until_text(group: Group, now: datetime) -> str:
    """Say when voting ends, to complete a sentence that begins with "You can change …"."""
    if group.closes_at is None:
        return _("until whoever leads the vote closes it")
    return _("until %(moment)s") % {"moment": moment_text(group.closes_at, now)}


def state_sentence(group: Group, now: datetime) -> str:
    if group.is_over(now):
        return _("The vote has ended.")
    if group.is_open(now):
        return _("Open %(until)s.") % {"until": until_text(group, now)}
    return _("The vote has not begun yet.")
