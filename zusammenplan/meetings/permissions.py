"""Who may see and edit bodies and their seats."""

from zusammenplan.people.models import User


def may_see_bodies(user: User) -> bool:
    """Whoever holds a role of the municipality."""
    return user.is_staff_member


def may_edit_bodies(user: User) -> bool:
    return user.is_planner or user.is_administrator
