"""A plain chart as a PNG, drawn without a library for pictures."""

import struct
import zlib


def columns_png(values: tuple[int, ...], width: int = 960, height: int = 420) -> bytes:
    """Draw columns from left to right, with a line every ten."""
    paper, blue, line = b"\xff\xff\xff", b"\x20\x44\xaa", b"\xcf\xd2\xe0"
    top = 40
    step = width // len(values)
    rows = []
    for y in range(height):
        level = top * (height - y) / height
        is_line = any(abs(level - mark) < top / height / 2 for mark in (10, 20, 30))
        row = bytearray((line if is_line or y >= height - 2 else paper) * width)
        for number, value in enumerate(values):
            if level <= value:
                begin = number * step + step // 5
                row[3 * begin : 3 * (begin + step * 3 // 5)] = blue * (step * 3 // 5)
        rows.append(b"\0" + bytes(row))
    return b"".join(
        (
            b"\x89PNG\r\n\x1a\n",
            _part(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)),
            _part(b"IDAT", zlib.compress(b"".join(rows), 9)),
            _part(b"IEND", b""),
        )
    )


def _part(kind: bytes, content: bytes) -> bytes:
    return (
        struct.pack(">I", len(content))
        + kind
        + content
        + struct.pack(">I", zlib.crc32(kind + content))
    )
