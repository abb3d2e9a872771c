"""The words of data protection: classes of retention, and what becomes of data in the end."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Outcome(TextChoices):
    """What happens when a period is over."""

    DELETE = "delete", _("deleted")
    CONTACT = "contact", _("e-mail address removed")
    NAME = "name", _("name and e-mail address removed")


class Retention(TextChoices):
    """A class of retention (Löschklasse): what is kept of people and goes after the same time."""

    DRAFTS = "drafts", _("Drafts of forms")
    MAILS = "mails", _("When mails with tasks were sent")
    LINKS = "links", _("Personal links")
    BARRIERS = "barriers", _("Reports of barriers")
    CONTACTS = "contacts", _("E-mail addresses of members, voters and raters")
    ACCOUNTS = "accounts", _("Deactivated accounts")
    TASKS = "tasks", _("Tasks that are done")
    COMMENTS = "comments", _("Comments")
    VOTES = "votes", _("Names in votes")
    RATINGS = "ratings", _("Names in evaluations")
    SEATS = "seats", _("Names of former members of bodies")


BEGINS = {
    Retention.DRAFTS: _("when they were last saved"),
    Retention.MAILS: _("on the day of the mail"),
    Retention.LINKS: _("when the link expires"),
    Retention.BARRIERS: _("when the report was answered"),
    Retention.CONTACTS: _(
        "when the seat ends, the prioritisation is released or the evaluation is closed"
    ),
    Retention.ACCOUNTS: _("when the account was deactivated"),
    Retention.TASKS: _("when the task was done"),
    Retention.COMMENTS: _("when the comment was written"),
    Retention.VOTES: _("when the prioritisation is released"),
    Retention.RATINGS: _("when the evaluation is closed"),
    Retention.SEATS: _("when the seat ends"),
}

OUTCOMES = {
    Retention.CONTACTS: Outcome.CONTACT,
    Retention.ACCOUNTS: Outcome.NAME,
    Retention.VOTES: Outcome.NAME,
    Retention.RATINGS: Outcome.NAME,
    Retention.SEATS: Outcome.NAME,
}

# What for, as a record of processing and the public notice say it.
PURPOSES = {
    Retention.DRAFTS: _("so that nobody loses what they typed"),
    Retention.MAILS: _("so that nobody gets the same mail twice"),
    Retention.LINKS: _("so that it can be told who opened which door when"),
    Retention.BARRIERS: _("to answer, and to show that barriers are dealt with"),
    Retention.CONTACTS: _("to invite and to remind"),
    Retention.ACCOUNTS: _("so that it can be told who changed what"),
    Retention.TASKS: _("to organise the work on the plan"),
    Retention.COMMENTS: _("to understand how the plan came about"),
    Retention.VOTES: _("so that a committee's open vote can be checked"),
    Retention.RATINGS: _("so that a rating can be checked"),
    Retention.SEATS: _("so that it can be told who decided"),
}


def outcome_of(retention: Retention) -> Outcome:
    return OUTCOMES.get(retention, Outcome.DELETE)
