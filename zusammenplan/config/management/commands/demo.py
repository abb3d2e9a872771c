"""Fill an empty database with a fictional county and run the web server."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.urls import reverse
from django.utils import timezone

from zusammenplan.config.demo.fill import LOGINS, PASSWORD, fill
from zusammenplan.people.models import User


class Command(BaseCommand):
    help = "Fill an empty database with a fictional county and run the web server."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8000, help="port to listen on")
        parser.add_argument("--fill-only", action="store_true", help="do not run the server")

    def handle(self, *args: Any, **options: Any) -> None:
        # The links are hashed in the database, so the demo keeps them beside it.
        kept = Path(settings.DATA, "demo-links.txt")
        if not User.objects.exists():
            links = fill(now=timezone.now())
            kept.write_text(
                "".join(
                    f"{settings.SITE_URL}{reverse(link.page, args=[link.token])}"
                    f"  {link.name}, {link.group}\n"
                    for link in links
                ),
                encoding="utf-8",
            )
        self.stdout.write(f"Demo: Landkreis Rennsteiggrund\n\nAnmelden (Passwort {PASSWORD}):")
        for login in LOGINS:
            self.stdout.write(f"  {login.email:38} {login.what}")
        if kept.exists():
            lines = kept.read_text(encoding="utf-8").splitlines()
            self.stdout.write(f"\nAbstimmen ohne Anmeldung (alle Links: {kept}):")
            for line in lines[:3]:
                self.stdout.write(f"  {line}")
            if rating := next((line for line in lines if "/bewertung/" in line), ""):
                self.stdout.write(f"\nBewerten ohne Anmeldung:\n  {rating}")
        self.stdout.write("")
        if not options["fill_only"]:
            call_command("serve", port=options["port"])
