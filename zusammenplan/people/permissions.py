"""Who may do what with users, organisations and the municipality's own settings."""

from django.http import HttpRequest

from zusammenplan.people.models import User


class UserRequest(HttpRequest):
    """A request to a page that needs a login."""

    user: User


def may_see_settings(user: User) -> bool:
    """Planners and administrators keep the settings."""
    return user.is_planner or user.is_administrator


def may_manage_users(user: User) -> bool:
    """Only administrators say who may sign in, and as what."""
    return user.is_administrator


def may_edit_organisations(user: User) -> bool:
    return user.is_planner or user.is_administrator


def may_change_municipality(user: User) -> bool:
    return user.is_planner or user.is_administrator


def may_answer_barrier_reports(user: User) -> bool:
    return user.is_planner or user.is_administrator


def may_send_test_mail(user: User) -> bool:
    """Ask for a test mail to one's own address."""
    return user.is_planner or user.is_administrator
