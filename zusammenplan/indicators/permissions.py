"""Who may do what with the data."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser
    from django.contrib.auth.models import AnonymousUser


def may_edit_data(user: "AbstractBaseUser | AnonymousUser") -> bool:
    """Tell whether the user may import figures and write the catalogue: the planner."""
    return user.is_authenticated and getattr(user, "is_planner", False)


def may_see_data(user: "AbstractBaseUser | AnonymousUser") -> bool:
    """Tell whether the user may see the data pages of the workspace: whoever works here."""
    return user.is_authenticated and getattr(user, "is_staff_member", False)


def may_see_hidden(user: "AbstractBaseUser | AnonymousUser") -> bool:
    """Tell whether the user may see counts below the minimum (R35): the planner alone."""
    return may_edit_data(user)
