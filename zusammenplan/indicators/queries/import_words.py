"""Sentences about files of statistics: why one cannot be read, and what is wrong in a row."""

from django.utils.translation import gettext as _, gettext_lazy, pgettext_lazy

from zusammenplan.indicators.domain.shapes import NotOfficial, NotOfficialError, Problem, Refused

NOT_OFFICIAL = {
    NotOfficial.EMPTY: gettext_lazy("The file is empty. Choose the file with the table."),
    NotOfficial.HTML: gettext_lazy(
        "The file is a web page, not a table. Download the table itself as CSV or XLSX; if the "
        "service showed an error page instead, try again later."
    ),
    NotOfficial.BINARY: gettext_lazy(
        "The file is no text: it holds zero bytes. Choose CSV, XLSX or the ZIP of the service."
    ),
    NotOfficial.PDF: gettext_lazy(
        "The file is a PDF, from which no numbers can be read reliably. Choose CSV or XLSX."
    ),
    NotOfficial.OLD_EXCEL: gettext_lazy(
        "The file has the old Excel format (XLS). Open it and save it as XLSX or CSV."
    ),
    NotOfficial.DAMAGED_ARCHIVE: gettext_lazy(
        "The archive is damaged or incomplete. Download it anew."
    ),
    NotOfficial.ARCHIVE_TOO_LARGE: gettext_lazy(
        "The archive becomes too large when it is unpacked. At most 1,000 MB are read."
    ),
    NotOfficial.TABLE_TOO_LARGE: gettext_lazy(
        "The file has more than 1,000 MB. Take the table over in parts, for instance by years."
    ),
    NotOfficial.NO_TABLE_IN_ARCHIVE: gettext_lazy("There is no CSV file in the archive."),
    NotOfficial.SEVERAL_TABLES_IN_ARCHIVE: gettext_lazy(
        "There are several tables in the archive (%(detail)s). Unpack it and choose the tables."
    ),
    NotOfficial.MIXED_ENCODING: gettext_lazy(
        "The file mixes two encodings: it begins as UTF-8 and is none from here on. Download it "
        "anew, or save it as CSV (UTF-8)."
    ),
    NotOfficial.TWICE_ENCODED: gettext_lazy(
        "The umlauts in the file are broken (such as “Ã¤” instead of “ä”), because it was saved in "
        "the wrong encoding. Download it anew."
    ),
    NotOfficial.SEPARATOR: gettext_lazy(
        "The columns cannot be told apart from here on: a quotation mark is opened and not closed, "
        "or the separator is wrong."
    ),
    NotOfficial.UNKNOWN_LAYOUT: gettext_lazy(
        "The layout is not known: neither a GENESIS file, nor a table of the Landesamt, nor a "
        "table with headings (%(detail)s)."
    ),
    NotOfficial.COLUMN_MISSING: gettext_lazy(
        "The column “%(detail)s” is missing, which every file of this kind has."
    ),
    NotOfficial.NO_ROWS: gettext_lazy("No row begins with the key of a region."),
    NotOfficial.DATA_AFTER_FOOTER: gettext_lazy(
        "Rows with values follow below the line that ends the table (%(detail)s). They would be "
        "lost: part the file in two, or take the line out."
    ),
    NotOfficial.FORMULA: gettext_lazy(
        "Cell %(detail)s holds a formula without a stored result. Open the file in your "
        "spreadsheet program, save it, and choose it anew."
    ),
}
PROBLEMS = {
    Problem.UNREADABLE_CELL: gettext_lazy("“%(text)s” is neither a number nor a known sign."),
    Problem.UNREADABLE_TIME: gettext_lazy("“%(text)s” is no time that can be read."),
    Problem.UNREADABLE_AGE: gettext_lazy("“%(text)s” is no age that can be read."),
    Problem.UNREADABLE_SEX: gettext_lazy("“%(text)s” is no sex that can be read."),
    Problem.REGION_MISSING: gettext_lazy("There is no region in this row: %(text)s"),
    Problem.MEASURE_MISSING: gettext_lazy("The row does not say what is counted."),
    Problem.LESS_THAN_NONE: gettext_lazy(
        "“%(text)s” is less than none, and people are counted here. If it is a change or a "
        "balance, its name has to say so."
    ),
    Problem.ROW_TOO_SHORT: gettext_lazy(
        "The row has fewer columns than the heading (wrong separator?): %(text)s"
    ),
    Problem.ROW_TOO_LONG: gettext_lazy(
        "The row has more columns than the heading (wrong separator?): %(text)s"
    ),
}
SKIPPED = {
    "unwanted": gettext_lazy("areas that the list does not know"),
    "unnamed": gettext_lazy("areas that were not chosen"),
    "no_number": gettext_lazy("regions without a single number"),
    "not_then": gettext_lazy("areas that did not exist at that time"),
    "twice": gettext_lazy("values that stand twice"),
    "overtaken": gettext_lazy("values that a later file replaced"),
}
ANSWERS = {
    "0": gettext_lazy("it answered with a description instead of the table"),
    "98": gettext_lazy(
        "the table is too large to be fetched at once; choose fewer years, or order it as a job on "
        "the service's own page and take its file over here"
    ),
    "99": gettext_lazy("the table was ordered as a job and is not ready yet; fetch it later"),
    "104": gettext_lazy("there is nothing under this name or in this choice"),
    "-1": gettext_lazy("it met an error of its own"),
    "14": gettext_lazy("a parameter of the request was not understood"),
    "15": gettext_lazy("the account is not allowed to do this"),
    "90": gettext_lazy("there is no table of this number"),
}
NO_WORDS = pgettext_lazy("the words of an online service", "no words")


def not_official_text(fault: NotOfficialError) -> str:
    """Say why a file is no table that can be read, with the line where that is known."""
    if fault.reason is NotOfficial.SERVICE_ANSWER:
        return service_text(fault.detail)
    sentence = str(NOT_OFFICIAL[fault.reason]) % {"detail": fault.detail}
    if fault.line and fault.column:
        return _("Line %(line)s, column %(column)s: %(sentence)s") % {
            "line": fault.line,
            "column": fault.column,
            "sentence": sentence,
        }
    if fault.line:
        return _("Line %(line)s: %(sentence)s") % {"line": fault.line, "sentence": sentence}
    return sentence


def service_text(detail: str, *, is_fetched: bool = False) -> str:
    """Explain an answer of the online service that is no table; ``detail`` is code and words."""
    code, _colon, words = detail.partition(": ")
    meaning = ANSWERS.get(code)
    if is_fetched and meaning is not None:
        return _(
            "GENESIS sent no table (code %(code)s): %(meaning)s. In its own words: %(words)s"
        ) % {"code": code, "meaning": meaning, "words": words or NO_WORDS}
    if meaning is None:
        return _(
            "The file is no table but an answer of an online service that cannot be explained: "
            "%(words)s"
        ) % {"words": words or detail or NO_WORDS}
    return _(
        "The file is no table but an answer of GENESIS (code %(code)s): %(meaning)s. "
        "In its own words: %(words)s"
    ) % {"code": code, "meaning": meaning, "words": words or NO_WORDS}


def problem_text(refused: Refused) -> str:
    return str(PROBLEMS[refused.problem]) % {"text": refused.text}
