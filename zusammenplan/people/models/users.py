"""Users, what they may do, their organisations, and personal links."""

from datetime import date, datetime
from typing import Any, ClassVar, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.translation import gettext, gettext_lazy as _
from simple_history.models import HistoricalRecords

from zusammenplan.core.models import Versioned
from zusammenplan.core.validity import valid_on
from zusammenplan.people.choices import (
    AffiliationRole,
    InvitationPurpose,
    OrganisationKind,
    Role,
)


class UserManager(BaseUserManager["User"]):
    """Makes users; the e-mail address is the name, compared without case."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser):
    """A person who signs in (Nutzerin, Nutzer). The e-mail address is the name."""

    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("name"), max_length=120, blank=True)
    language = models.CharField(
        _("language"),
        max_length=2,
        choices=[("de", _("German")), ("en", _("English"))],
        default="de",
    )
    is_active = models.BooleanField(_("active"), default=True)
    joined_at = models.DateTimeField(_("joined"), auto_now_add=True)
    deactivated_at = models.DateTimeField(_("deactivated"), null=True, editable=False)
    # Since then nothing tells who this was; histories still point here.
    anonymised_at = models.DateTimeField(_("erased"), null=True, editable=False)
    history = HistoricalRecords(excluded_fields=["password", "last_login"])

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")

    def __str__(self) -> str:
        if self.anonymised_at is not None:
            return gettext("erased account %(number)s") % {"number": self.pk}
        return self.name or self.email

    @cached_property
    def role_names(self) -> frozenset[str]:
        """Give the roles of the municipality that this person holds; asked once a request."""
        return frozenset(self.roles.values_list("role", flat=True))

    @property
    def is_planner(self) -> bool:
        return Role.PLANNER in self.role_names

    @property
    def is_administrator(self) -> bool:
        return Role.ADMINISTRATOR in self.role_names

    @property
    def is_staff_member(self) -> bool:
        """Whoever holds any role of the municipality reads the workspace."""
        return bool(self.role_names)


class MunicipalRole(models.Model):
    """A role of the municipality given to a user."""

    user = models.ForeignKey(
        User, on_delete=models.CASCADE, related_name="roles", verbose_name=_("user")
    )
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        constraints = [models.UniqueConstraint(name="role_once_per_user", fields=["user", "role"])]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()}"


class Organisation(Versioned):
    """An office, provider (Träger), municipality (Gemeinde), club, firm or private person."""

    name = models.CharField(_("name"), max_length=200, unique=True)
    kind = models.CharField(
        _("kind"), max_length=20, choices=OrganisationKind.choices, default=OrganisationKind.OFFICE
    )
    legal_form = models.CharField(_("legal form"), max_length=60, blank=True)
    is_charitable = models.BooleanField(_("charitable"), default=False)
    identifier = models.CharField(_("register number"), max_length=60, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    history = HistoricalRecords()

    search_titles = ("name",)
    search_texts = ("identifier",)

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")

    def __str__(self) -> str:
        return self.name


class AffiliationQuerySet(models.QuerySet["Affiliation"]):
    """Questions to the list of affiliations."""

    def valid_on(self, day: date) -> Self:
        return self.filter(valid_on(day))


AffiliationManager = models.Manager.from_queryset(AffiliationQuerySet)


class Affiliation(models.Model):
    """A user acting for an organisation (Zugehörigkeit) within a span of time."""

    user = models.ForeignKey(
        User, on_delete=models.CASCADE, related_name="affiliations", verbose_name=_("user")
    )
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        related_name="affiliations",
        verbose_name=_("organisation"),
    )
    role = models.CharField(
        _("role"), max_length=20, choices=AffiliationRole.choices, default=AffiliationRole.MEMBER
    )
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    history = HistoricalRecords()

    objects = AffiliationManager()

    class Meta:
        verbose_name = _("affiliation")
        verbose_name_plural = _("affiliations")
        constraints = [
            models.CheckConstraint(
                name="affiliation_ends_after_it_starts",
                condition=Q(valid_from__isnull=True)
                | Q(valid_to__isnull=True)
                | Q(valid_to__gte=models.F("valid_from")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.organisation}"


class Invitation(models.Model):
    """A personal link (persönlicher Link). Only the hash of its token is stored."""

    purpose = models.CharField(_("purpose"), max_length=20, choices=InvitationPurpose.choices)
    token_hash = models.CharField(_("hash of the token"), max_length=64, unique=True)
    user = models.ForeignKey(
        User,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="invitations",
        verbose_name=_("user"),
    )
    created_at = models.DateTimeField(_("created"))
    created_by = models.ForeignKey(
        User,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("created by"),
    )
    expires_at = models.DateTimeField(_("expires"))
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)
    revoked_by = models.ForeignKey(
        User,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("revoked by"),
    )
    used_at = models.DateTimeField(_("used"), null=True, blank=True)

    class Meta:
        verbose_name = _("personal link")
        verbose_name_plural = _("personal links")

    def __str__(self) -> str:
        return f"{self.get_purpose_display()}, {self.created_at:%d.%m.%Y}"

    def is_valid(self, now: datetime) -> bool:
        """Tell whether the link still opens: not expired, not revoked, account links not used."""
        used_up = self.purpose == InvitationPurpose.ACCOUNT and self.used_at is not None
        return self.revoked_at is None and now < self.expires_at and not used_up
