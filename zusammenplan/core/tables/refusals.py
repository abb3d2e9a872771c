"""What is no table and how much is too much, each with a sentence that says what to do."""

from typing import NoReturn

from django.utils.translation import gettext as _

MEGABYTE = 1024 * 1024
MAX_BYTES = 10 * MEGABYTE
# A plan of 2,000 measures, kept for editing, has 26,000 records and 170,000 cells.
MAX_ROWS = 60_000
MAX_COLUMNS = 200
MAX_CELLS = 500_000
MAX_TABLES = 200
MAX_UNPACKED = 40 * MEGABYTE
MAX_MEMBERS = 2_000
# Office files of long tables reach a ratio of about 50; the most that deflate can do is 1,032.
MAX_RATIO = 250
RATIO_COUNTS_FROM = MEGABYTE


class UnreadableFileError(Exception):
    """The file cannot be read as tables; the message says why and what to do."""


class TooMuchError(UnreadableFileError):
    """The file is larger than the program reads at once."""


def refuse(sentence: str, **values: object) -> NoReturn:
    raise UnreadableFileError(sentence % values)


def demand_size(name: str, size: int) -> None:
    """
    Refuse a file that is too large before anything of it is read.

    :raises TooMuchError: if it is
    """
    if size > MAX_BYTES:
        raise TooMuchError(
            _(
                "The file “%(file)s” is larger than %(limit)s MB. "
                "Remove pictures and other sheets, or save only the table as CSV."
            )
            % {
                "file": name,
                "limit": MAX_BYTES // MEGABYTE,
            }
        )


def refuse_empty(name: str) -> NoReturn:
    refuse(_("The file “%(file)s” is empty. Choose the file with the table."), file=name)


def refuse_damaged(name: str) -> NoReturn:
    refuse(
        _(
            "The file “%(file)s” is damaged and cannot be opened. "
            "Open it in your office program, save it again as XLSX, DOCX or CSV, "
            "and choose it anew."
        ),
        file=name,
    )


def refuse_ole(name: str, content: bytes) -> NoReturn:
    if "EncryptedPackage".encode("utf-16-le") in content:
        refuse_password(name)
    refuse(
        _(
            "The file “%(file)s” has an old Office format (such as XLS or DOC). "
            "Open it and save it as XLSX, DOCX or CSV."
        ),
        file=name,
    )


def refuse_password(name: str) -> NoReturn:
    refuse(
        _(
            "The file “%(file)s” is protected by a password. "
            "Open it, remove the password, save it, and choose it anew."
        ),
        file=name,
    )


def refuse_archive(name: str) -> NoReturn:
    refuse(
        _(
            "The file “%(file)s” is an archive and no table. "
            "Unpack it and choose the XLSX, DOCX or CSV file in it."
        ),
        file=name,
    )


def refuse_too_many_rows(name: str, table: str) -> NoReturn:
    raise TooMuchError(
        _(
            "“%(table)s” in the file “%(file)s” has more than %(limit)s rows. "
            "Leave only the rows that you need and save the file again."
        )
        % {
            "file": name,
            "table": table,
            "limit": MAX_ROWS,
        }
    )


def refuse_too_many_cells(name: str, table: str) -> NoReturn:
    raise TooMuchError(
        _(
            "“%(table)s” in the file “%(file)s” has more than %(limit)s filled cells. "
            "Leave only the rows and columns that you need and save the file again."
        )
        % {
            "file": name,
            "table": table,
            "limit": MAX_CELLS,
        }
    )


def refuse_too_many_columns(name: str, row: int) -> NoReturn:
    refuse(
        _(
            "Row %(row)s of the file “%(file)s” has more than %(limit)s columns. "
            "Leave only the columns that you need and save the file again."
        ),
        file=name,
        row=row,
        limit=MAX_COLUMNS,
    )


def refuse_bomb(name: str) -> NoReturn:
    raise TooMuchError(
        _(
            "The file “%(file)s” becomes too large when it is unpacked. "
            "Leave only the sheet with the table and save the file again."
        )
        % {
            "file": name,
        }
    )


def refuse_dtd(name: str) -> NoReturn:
    refuse(
        _(
            "The file “%(file)s” holds instructions that do not belong in a table "
            "(a document type definition). It is not read. "
            "Copy the table into a new file and choose that one."
        ),
        file=name,
    )
