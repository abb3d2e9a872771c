"""Who may do what with areas."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser
    from django.contrib.auth.models import AnonymousUser


def may_edit_areas(user: "AbstractBaseUser | AnonymousUser") -> bool:
    """Tell whether the user may see and write the list: planners and administrators."""
    roles = ("is_planner", "is_administrator")
    return user.is_authenticated and any(getattr(user, role, False) for role in roles)
