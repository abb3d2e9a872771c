"""What comes into the log: no address that opens something for whoever reads it there."""

import json
import logging
import re
from collections.abc import Iterator
from datetime import UTC, datetime

# Personal links, the projector's page, new passwords, confirmed addresses (see deploy/nginx.conf);
# in capitals they open nothing, and yet whoever reads them there knows them.
SECRET_ADDRESS = re.compile(
    r"(/(?:abstimmung|bewertung|leinwand|einladung|passwort/neu|adresse/bestaetigen)/)[^/\s'\"<>]+",
    re.IGNORECASE,
)
# After what went wrong PostgreSQL tells in which row, with all that stands in it.
OF_A_ROW = re.compile(r"\n(?:DETAIL|CONTEXT|LINE \d+): .*", re.DOTALL)


class DiscreetFormatter(logging.Formatter):
    """Write everything as usual, tracebacks too, but nothing that is secret in them."""

    def format(self, record: logging.LogRecord) -> str:
        return discreet(super().format(record), record)


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
        told = {name: discreet(text, record) for name, text in fields.items()}
        return json.dumps(told, ensure_ascii=False)


def discreet(text: str, record: logging.LogRecord) -> str:
    """Leave out what opens something, and the rows that a database shows in its errors."""
    for told in map(str, _errors(record)):
        text = text.replace(told, OF_A_ROW.sub("", told))
    return SECRET_ADDRESS.sub(r"\1…", text)


def _errors(record: logging.LogRecord) -> Iterator[BaseException]:
    """Give the error that is told, and those that led to it."""
    error = record.exc_info[1] if record.exc_info else None
    seen = set[int]()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__
