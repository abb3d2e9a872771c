"""Cells that a spreadsheet program must not compute."""

# A spreadsheet program computes a cell that begins with one of these.
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n")


def harmless(cell: str) -> str:
    """Put an apostrophe before what a spreadsheet program would compute."""
    return f"'{cell}" if cell.startswith(FORMULA_SIGNS) else cell
