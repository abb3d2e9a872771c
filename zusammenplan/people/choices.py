"""The words of people: roles, kinds of organisations, purposes of links."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    """What somebody may do for the municipality (Rolle)."""

    PLANNER = "planner", _("social planner")
    ADMINISTRATOR = "administrator", _("administrator")
    REVIEWER = "reviewer", _("reviewer")
    FINANCE = "finance", _("finance office")
    READER = "reader", _("reader")


class OrganisationKind(TextChoices):
    """What sort of organisation it is."""

    OFFICE = "office", _("office of the administration")
    PROVIDER = "provider", _("provider")
    MUNICIPALITY = "municipality", _("municipality")
    CLUB = "club", _("club")
    FIRM = "firm", _("firm")
    PERSON = "person", _("private person")
    OTHER = "other", _("other")


class AffiliationRole(TextChoices):
    """What somebody is in an organisation."""

    LEAD = "lead", _("head")
    MEMBER = "member", _("employee")
    CONTACT = "contact", _("contact person")


class InvitationPurpose(TextChoices):
    """What a personal link is for."""

    VOTE = "vote", _("voting")
    ACCOUNT = "account", _("setting up an account")
    RATING = "rating", _("rating measures and goals")
