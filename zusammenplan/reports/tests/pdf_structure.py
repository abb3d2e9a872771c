"""
What a machine can see of the rules of PDF/UA-1: the structure of a tagged PDF.

No finding is no proof; whether an order or a text alternative makes sense, people tell.
"""

from collections import Counter
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pikepdf

PAINTS = {"Tj", "TJ", "'", '"', "f", "F", "f*", "S", "s", "B", "b", "Do", "sh"}
FONT_PROGRAMS = ("/FontFile", "/FontFile2", "/FontFile3")


def findings(content: bytes) -> list[str]:
    """Say what is wrong with the file."""
    with pikepdf.open(BytesIO(content)) as pdf:
        if "/StructTreeRoot" not in pdf.Root:
            return ["the document is not tagged"]
        return [*_of_document(pdf), *_of_elements(pdf), *_of_pages(pdf)]


def structure(node: Any) -> list[Any]:
    """Give the elements of the structure tree in reading order."""
    if isinstance(node, pikepdf.Array):
        return [element for kid in node for element in structure(kid)]
    if not isinstance(node, pikepdf.Dictionary):
        return []
    here = [node] if "/S" in node else []
    return here + structure(node.get("/K"))


def _of_document(pdf: Any) -> Iterator[str]:
    root = pdf.Root
    if not root.get("/MarkInfo", {}).get("/Marked"):
        yield "not marked as tagged"
    if "/Lang" not in root:
        yield "no language"
    if not root.get("/ViewerPreferences", {}).get("/DisplayDocTitle"):
        yield "the window does not show the title"
    with pdf.open_metadata() as metadata:
        if not metadata.get("dc:title"):
            yield "no title"
        if metadata.get("pdfuaid:part") != "1":
            yield "does not claim PDF/UA"


def _of_elements(pdf: Any) -> Iterator[str]:
    tree = pdf.Root.StructTreeRoot
    roles = {str(name): str(meant) for name, meant in (tree.get("/RoleMap") or {}).items()}
    elements = [(roles.get(str(one.S), str(one.S)), one) for one in structure(tree)]
    untold = [one for kind, one in elements if kind in {"/Figure", "/Formula"} and not _told(one)]
    if untold:
        yield f"{len(untold)} figures without alternative text"
    if without := sum(kind == "/TH" and not _has_scope(one) for kind, one in elements):
        yield f"{without} header cells without scope"
    levels = [int(kind[2:]) for kind, _ in elements if kind[:2] == "/H" and kind[2:].isdigit()]
    for above, level in zip([0, *levels], levels, strict=False):
        if level > above + 1:
            yield f"a heading skips from level {above} to {level}"


def _told(figure: Any) -> bool:
    return bool(figure.get("/Alt") or figure.get("/ActualText"))


def _has_scope(cell: Any) -> bool:
    attributes = cell.get("/A")
    listed = list(attributes) if isinstance(attributes, pikepdf.Array) else [attributes]
    return any(isinstance(one, pikepdf.Dictionary) and "/Scope" in one for one in listed)


def _of_pages(pdf: Any) -> Iterator[str]:
    found: Counter[str] = Counter()
    fonts: dict[Any, Any] = {}
    for page in pdf.pages:
        found["pieces neither tagged nor marked as artifact"] += _loose_pieces(page)
        fonts |= {one.objgen: one for one in (page.Resources.get("/Font") or {}).values()}
        if page.get("/Annots"):
            found["pages whose links have no tab order"] += page.get("/Tabs") != pikepdf.Name.S
            found["links outside the structure"] += sum(
                "/StructParent" not in link for link in page.Annots
            )
    for font in fonts.values():
        inner = font.get("/DescendantFonts", [font])[0].get("/FontDescriptor", {})
        found["fonts not embedded"] += not any(key in inner for key in FONT_PROGRAMS)
        found["fonts that cannot be read as text"] += "/ToUnicode" not in font
    for what, number in found.items():
        if number:
            yield f"{number} {what}"


def _loose_pieces(page: Any) -> int:
    depth = loose = 0
    for piece in pikepdf.parse_content_stream(page):
        name = str(piece.operator)
        depth += (name in {"BDC", "BMC"}) - (name == "EMC")
        loose += name in PAINTS and depth == 0
    return loose
