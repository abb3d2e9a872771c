"""Who may do what with plans."""

from django.contrib.auth.models import AnonymousUser

from zusammenplan.people.models import User
from zusammenplan.plans.models import SavedView


def may_read_plans(user: User | AnonymousUser) -> bool:
    """Tell whether the user may see all plans: whoever holds a role of the municipality."""
    return user.is_authenticated and user.is_staff_member


def may_edit_plan(user: User | AnonymousUser) -> bool:
    """Tell whether the user may write plans: social planners."""
    return user.is_authenticated and user.is_planner


def may_save_view(user: User | AnonymousUser) -> bool:
    """Tell whether the user may keep own views of a plan's list: whoever reads plans."""
    return may_read_plans(user)


def may_share_view(user: User | AnonymousUser) -> bool:
    """Tell whether the user may show own views to everybody who reads plans."""
    return may_edit_plan(user)


def may_change_view(user: User, view: SavedView) -> bool:
    """Tell whether the user may change the view: the owner, and planners a shared one."""
    return view.owner_id == user.pk or (view.is_shared and may_edit_plan(user))
