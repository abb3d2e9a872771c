"""What comes into the log: no address that opens something for whoever reads it there."""

import logging
import re

# Personal links, the projector's page, new passwords, confirmed addresses (see deploy/nginx.conf).
SECRET_ADDRESS = re.compile(
    r"(/(?:abstimmung|bewertung|leinwand|einladung|passwort/neu|adresse/bestaetigen)/)[^/\s'\"<>]+"
)


class DiscreetFormatter(logging.Formatter):
    """Write everything as usual, tracebacks too, but addresses without what is secret in them."""

    def format(self, record: logging.LogRecord) -> str:
        return SECRET_ADDRESS.sub(r"\1…", super().format(record))
