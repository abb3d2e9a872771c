"""Run the web server."""

import resource
import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import gettext as _

from zusammenplan.core.uploads import sweep_uploads

# Projectors and phones keep their connections open; a thousand of them must not keep others out.
CONNECTIONS, OTHER_FILES = 20_000, 200


class Command(BaseCommand):
    help = "Run the web server. Put a reverse proxy with HTTPS in front of it in production."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
        parser.add_argument("--port", type=int, default=8000, help="port to listen on")
        parser.add_argument(
            "--workers", type=int, default=1, help="processes; one is enough for a county"
        )
        parser.add_argument("--threads", type=int, default=8, help="threads in each process")

    def handle(self, *args: Any, **options: Any) -> None:
        from gunicorn.app.base import BaseApplication

        connections = _allowed_connections()

        class Server(BaseApplication):
            def load_config(self) -> None:
                chosen = {
                    "bind": f"{options['host']}:{options['port']}",
                    "workers": options["workers"],
                    "threads": options["threads"],
                    "worker_class": "zusammenplan.config.server.PatientWorker",
                    "logger_class": "zusammenplan.config.server.DiscreetLogger",
                    "worker_connections": connections,
                    "timeout": 60,
                    "graceful_timeout": 20,
                    "keepalive": 15,
                    "control_socket_disable": True,
                    "proc_name": "zusammenplan",
                    "loglevel": "warning",
                }
                for name, value in chosen.items():
                    if name in self.cfg.settings:
                        self.cfg.set(name, value)

            def load(self) -> Any:
                from zusammenplan.config.wsgi import application

                return application

        sweep_uploads(now=timezone.now())
        self.stdout.write(
            _("Zusammenplan: %(address)s (Ctrl+C ends it)") % {"address": f"{settings.SITE_URL}/"}
        )
        self.stdout.flush()
        sys.argv = sys.argv[:1]
        Server().run()


def _allowed_connections() -> int:
    """Let this process and its workers hold as many files open as the system allows at all."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = CONNECTIONS + OTHER_FILES
    allowed = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if soft == resource.RLIM_INFINITY or soft > allowed:
        return CONNECTIONS
    resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, hard))
    return allowed - OTHER_FILES
