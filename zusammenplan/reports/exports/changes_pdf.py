"""The paper of what changed between two plans, as an accessible PDF (PDF/UA-1)."""

from zusammenplan.core.numbers import NONE
from zusammenplan.reports.exports.pdf import HERE, set_paper
from zusammenplan.reports.queries.changes import ChangesPaper, printable
from zusammenplan.reports.queries.paper import shown_address

TEMPLATE = HERE / "typst" / "changes.typ"


def changes_pdf(paper: ChangesPaper) -> bytes:
    """
    Set the paper.

    :raises TypesettingError: if the typesetter refuses it
    """
    content = {
        **printable(paper),
        "shown_address": shown_address(paper.address),
        "nothing": NONE,
    }
    return set_paper(TEMPLATE, content, made_at=paper.made_at)
