"""Who may do what with plans."""

from django.contrib.auth.models import AnonymousUser

from zusammenplan.people.models import User


def may_read_plans(user: User | AnonymousUser) -> bool:
    """Tell whether the user may see all plans: whoever holds a role of the municipality."""
    return user.is_authenticated and user.is_staff_member


def may_edit_plan(user: User | AnonymousUser) -> bool:
    """Tell whether the user may write plans: social planners."""
    return user.is_authenticated and user.is_planner
