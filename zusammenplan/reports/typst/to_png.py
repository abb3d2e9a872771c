"""
Turn a picture into a PNG: reads the file, writes the PNG to standard output.

Runs as a process of its own, as the typesetter does.
"""

import sys
from pathlib import Path

import typst

SOURCE = '#set page(width: auto, height: auto, margin: 0pt)\n#image("{name}")'


def main(file: str, fonts: str) -> int:
    """Set a page that is as large as the picture."""
    path = Path(file)
    source = path.with_name("bild.typ")
    source.write_text(SOURCE.format(name=path.name), encoding="utf-8")
    picture = typst.compile(
        str(source),
        root=str(path.parent),
        font_paths=typst.Fonts(include_system_fonts=False, font_paths=[fonts]),
        format="png",
        ppi=192.0,
    )
    if not isinstance(picture, bytes):
        raise TypeError(type(picture))
    sys.stdout.buffer.write(picture)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
