"""Users and organisations, and what somebody writes while working: comments, tasks, drafts."""

from zusammenplan.people.models.sessions import Session
from zusammenplan.people.models.users import (
    Affiliation,
    Invitation,
    MunicipalRole,
    Organisation,
    User,
)
from zusammenplan.people.models.work import Comment, Digest, Draft, Task

__all__ = [
    "Affiliation",
    "Comment",
    "Digest",
    "Draft",
    "Invitation",
    "MunicipalRole",
    "Organisation",
    "Session",
    "Task",
    "User",
]
