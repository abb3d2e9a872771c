"""Who may do what with users, organisations and the municipality's own settings."""

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest

from zusammenplan.people.models import Comment, Task, User


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


def must_have_second_factor(user: User) -> bool:
    """Tell whether the settings demand a second step of this person: who can change much."""
    return bool(settings.SECOND_FACTOR_REQUIRED) and may_see_settings(user)


def may_take_notes(user: User | AnonymousUser) -> bool:
    """Tell whether the user may comment and have tasks: whoever holds a role."""
    return user.is_authenticated and user.is_staff_member


def may_change_comment(user: User, comment: Comment) -> bool:
    """Tell whether the comment is the user's own."""
    return may_take_notes(user) and comment.author_id == user.pk


def may_change_task(user: User, task: Task) -> bool:
    """Tell whether the user may rewrite the task: who set it, who does it, and planners."""
    return may_take_notes(user) and (
        user.is_planner or user.pk in {task.created_by_id, task.assignee_id}
    )
