"""Who may see what is kept of somebody, and let it go."""

from zusammenplan.people.models import User


def may_protect_data(user: User) -> bool:
    """Only administrators, who manage the accounts as well."""
    return user.is_administrator
