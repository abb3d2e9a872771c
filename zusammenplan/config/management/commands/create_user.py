"""Add somebody who can sign in."""

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.urls import reverse
from django.utils import timezone

from zusammenplan.people.actions import EmailTakenError, create_user, invite_user
from zusammenplan.people.choices import Role


class Command(BaseCommand):
    help = "Add somebody who can sign in, and print the personal link that sets the password."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", help="the e-mail address to sign in with")
        parser.add_argument("--name", default="", help="first and last name")
        parser.add_argument(
            "--role",
            action="append",
            choices=Role.values,
            help="may be given several times; without it: administrator and planner",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        roles = options["role"] or [Role.ADMINISTRATOR, Role.PLANNER]
        try:
            validate_email(options["email"])
            user = create_user(options["email"], name=options["name"], roles=roles, by=None)
        except (ValidationError, EmailTakenError) as refusal:
            raise CommandError(str(getattr(refusal, "message", refusal))) from refusal
        now = timezone.now()
        _, token = invite_user(user, expires_at=now + timedelta(days=7), by=None, now=now)
        self.stdout.write(f"{settings.SITE_URL}{reverse('account_invitation', args=[token])}")
