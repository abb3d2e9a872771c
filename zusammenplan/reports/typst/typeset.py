"""
Set one paper: reads its data as JSON from standard input, writes the PDF to standard output.

Runs as a process of its own, because a long paper takes hundreds of megabytes that a web server's
worker would never give back. Exit code 3 means: the typesetter refuses the data; the reason stands
on standard error.
"""

import sys

import typst

REFUSED = 3


def main(template: str, root: str, fonts: str, timestamp: str) -> int:
    """Set the paper with the typefaces in the folder alone, not with the machine's own."""
    try:
        document = typst.compile(
            template,
            root=root,
            font_paths=typst.Fonts(include_system_fonts=False, font_paths=[fonts]),
            sys_inputs={"paper": sys.stdin.buffer.read().decode()},
            pdf_standards=["ua-1"],
            timestamp=int(timestamp),
        )
    except typst.TypstError as refusal:
        sys.stderr.write(f"{refusal}\n")
        return REFUSED
    if not isinstance(document, bytes):
        raise TypeError(type(document))
    sys.stdout.buffer.write(document)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
