"""Write, change and delete comments on records."""

from datetime import datetime

from django.db import transaction
from django.db.models import Model

from zusammenplan.people.models import Comment, User


@transaction.atomic
def add_comment(record: Model, text: str, *, by: User, now: datetime) -> Comment:
    """Say something about the record."""
    return Comment.objects.create(record=record, text=text.strip(), author=by, written_at=now)


@transaction.atomic
def change_comment(comment: Comment, text: str, *, now: datetime) -> Comment:
    """Write the comment anew; that it was changed stands next to it."""
    if comment.text != text.strip():
        comment.text = text.strip()
        comment.changed_at = now
        comment.version += 1
        comment.save(update_fields=["text", "changed_at", "version"])
    return comment


@transaction.atomic
def delete_comment(comment: Comment) -> None:
    """Take the comment away for good."""
    comment.delete()
