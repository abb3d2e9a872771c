"""What comes into the log: no address that opens something for whoever reads it there."""

import json
import logging
import re
from datetime import UTC, datetime

# Personal links, the projector's page, new passwords, confirmed addresses (see deploy/nginx.conf);
# in capitals they open nothing, and yet whoever reads them there knows them.
SECRET_ADDRESS = re.compile(
    r"(/(?:abstimmung|bewertung|leinwand|einladung|passwort/neu|adresse/bestaetigen)/)[^/\s'\"<>]+",
    re.IGNORECASE,
)


class DiscreetFormatter(logging.Formatter):
    """Write everything as usual, tracebacks too, but addresses without what is secret in them."""

    def format(self, record: logging.LogRecord) -> str:
        return SECRET_ADDRESS.sub(r"\1…", super().format(record))


class FieldsFormatter(logging.Formatter):
    """Write one object in JSON a line, for programs that collect logs; as discreet."""

    def format(self, record: logging.LogRecord) -> str:
        fields = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            fields["trace"] = self.formatException(record.exc_info)
        discreet = {name: SECRET_ADDRESS.sub(r"\1…", text) for name, text in fields.items()}
        return json.dumps(discreet, ensure_ascii=False)
