"""Reads that gather more than one row for a page about people."""

from django.db.models import Count, Prefetch, Q, QuerySet

from zusammenplan.core.history import Change, changes, changes_in
from zusammenplan.people.choices import Role
from zusammenplan.people.models import Affiliation, MunicipalRole, Organisation, User


def users_with_roles() -> QuerySet[User]:
    """Give the users, without those whose data were erased."""
    return User.objects.filter(anonymised_at=None).prefetch_related(
        Prefetch("roles", queryset=MunicipalRole.objects.order_by("role"), to_attr="roles_held")
    )


def role_labels(roles: list[MunicipalRole]) -> str:
    """Name the roles in the order of the choices."""
    held = {role.role for role in roles}
    return ", ".join(str(Role(value).label) for value in Role.values if value in held)


def organisations_with_counts() -> QuerySet[Organisation]:
    """Give the organisations with the number of people who act for them."""
    return Organisation.objects.annotate(people=Count("affiliations__user", distinct=True))


def affiliations_of(organisation: Organisation) -> QuerySet[Affiliation]:
    return organisation.affiliations.select_related("user").order_by("user__name", "pk")


def organisation_words(text: str) -> Q:
    return Q(name__icontains=text) | Q(identifier__icontains=text)


def user_changes(user: User, limit: int = 20) -> list[Change]:
    """Tell what happened to the user and to the roles, newest first."""
    roles = MunicipalRole.history.filter(user_id=user.pk)
    entries = [
        *changes(user, limit),
        *changes_in(roles, limit, about=lambda entry: str(Role(entry.role).label)),
    ]
    return sorted(entries, key=lambda entry: entry.at, reverse=True)[:limit]
