"""The one thing that visitors write: a report of a barrier."""

import logging
from datetime import datetime
from smtplib import SMTPException

from django.core.mail import EmailMessage
from django.utils.translation import gettext as _, override

from zusammenplan.core.actions import report_barrier
from zusammenplan.core.context import municipality

logger = logging.getLogger(__name__)


def send_barrier_report(*, page: str, message: str, email: str, now: datetime) -> None:
    """
    Keep the report and tell the municipality by mail.

    A mail that cannot be sent loses nothing, for the report is stored before.
    """
    report_barrier(page=page, message=message, email=email, now=now)
    receiver = municipality().email
    if not receiver:
        return
    with override("de"):
        mail = EmailMessage(
            subject=_("A barrier on the website was reported"),
            body=_("Page: %(page)s\n\n%(message)s\n\nAnswer to: %(email)s")
            % {
                "page": page or _("not named"),
                "message": message,
                "email": email or _("no answer wanted"),
            },
            to=[receiver],
            reply_to=[email] if email else None,
        )
    try:
        mail.send()
    except (OSError, SMTPException):
        logger.exception("The mail about a reported barrier could not be sent.")
