"""Mails: plain text from a template, in the reader's language; the first line is the subject."""

from collections.abc import Mapping
from smtplib import SMTPException
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils.translation import gettext as _, override

from zusammenplan.core.context import municipality


class MailNotSentError(Exception):
    """The mail server did not take the mail."""

    def __init__(self) -> None:
        super().__init__(self.sentence())

    def sentence(self) -> str:
        return _(
            "The mail could not be sent: the mail server did not accept it. "
            "Try again later or ask the administrator to check the mail settings."
        )


class NoMailServerError(MailNotSentError):
    """There is no mail server: the mail stands in the server's log, where nobody gets it."""

    def sentence(self) -> str:
        return _("No mail server is set up: nobody received the mail.")


def mails_arrive() -> bool:
    """Tell whether mails go to a mail server and not just to the log."""
    return not settings.EMAIL_BACKEND.endswith(".console.EmailBackend")


def send_mail_in(language: str, to: str, template: str, context: Mapping[str, Any]) -> None:
    """
    Send a mail in the language; the template's first line is its subject.

    Without a mail server the log keeps it, and whoever asked for it hears that it went no further.

    :raises MailNotSentError: if the mail server does not take it, or there is none
    """
    with override(language):
        text = render_to_string(
            template,
            {"municipality": municipality(), "site_url": settings.SITE_URL, **context},
        )
    subject, _line, body = text.strip().partition("\n")
    message = EmailMessage(subject=" ".join(subject.split()), body=f"{body.strip()}\n", to=[to])
    try:
        message.send()
    except (OSError, SMTPException) as error:
        raise MailNotSentError from error
    if not mails_arrive():
        raise NoMailServerError
