"""German as Django has it, with a space after the day at which no line ends: 1. März 2027."""

DATE_FORMAT = "j.\N{NO-BREAK SPACE}F Y"
DATETIME_FORMAT = "j.\N{NO-BREAK SPACE}F Y H:i"
SHORT_DATETIME_FORMAT = r"d.m.Y, H:i \U\h\r"
MONTH_DAY_FORMAT = "j.\N{NO-BREAK SPACE}F"
