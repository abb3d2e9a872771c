"""QR codes as SVG that the server draws into the page; the colours come from the style sheet."""

from dataclasses import dataclass

import segno

QUIET_ZONE = 4  # modules of empty paper around the code, as the standard asks for


@dataclass(frozen=True, slots=True)
class QrCode:
    """A code's size in modules and the path of its dark ones."""

    size: int
    path: str


def qr_code(text: str) -> QrCode:
    """Draw the text as a QR code, for ``components/qr.html``."""
    matrix = segno.make(text, error="m", micro=False).matrix
    rows = []
    for y, row in enumerate(matrix, start=QUIET_ZONE):
        x = 0
        while x < len(row):
            length = 0
            while x + length < len(row) and row[x + length]:
                length += 1
            if length:
                rows.append(f"M{x + QUIET_ZONE} {y}h{length}v1h-{length}z")
            x += length + 1
    return QrCode(size=len(matrix) + 2 * QUIET_ZONE, path="".join(rows))
