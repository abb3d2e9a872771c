"""Files that people attach: what is taken, what is refused, how they are handed out."""

import io
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError
from hypothesis import given, strategies as st

from zusammenplan.core.files import (
    CSV,
    DOCX,
    JPEG,
    MAX_NAME,
    ODS,
    ODT,
    PDF,
    PICTURES,
    PNG,
    TEXT,
    WEBP,
    XLSX,
    FileKind,
    FileRefusedError,
    attach_file,
    check_file,
    clean_name,
    file_response,
    remove_attachment,
)
from zusammenplan.core.models import Attachment, Municipality

NOW = datetime(2027, 2, 12, 9, 30, tzinfo=UTC)
RTL = "\N{RIGHT-TO-LEFT OVERRIDE}"


def packed(**parts: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return buffer.getvalue()


WORD = packed(**{"[Content_Types].xml": "<x/>", "word/document.xml": "<x/>"})
EXCEL = packed(**{"[Content_Types].xml": "<x/>", "xl/workbook.xml": "<x/>"})
MACRO = packed(
    **{"[Content_Types].xml": "<x/>", "word/document.xml": "<x/>", "word/vbaProject.bin": "x"}
)


def sent(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="application/pdf")


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("Konzept.PDF", b"%PDF-1.7\n...", PDF),
        ("Bild.png", b"\x89PNG\r\n\x1a\n...", PNG),
        ("Bild.jpeg", b"\xff\xd8\xff\xe0...", JPEG),
        ("Bild.webp", b"RIFF\x00\x00\x00\x00WEBPVP8 ", WEBP),
        ("Brief.docx", WORD, DOCX),
        ("Zahlen.xlsx", EXCEL, XLSX),
        ("Brief.odt", packed(mimetype=ODT.mime), ODT),
        ("Zahlen.ods", packed(mimetype=ODS.mime), ODS),
        ("Notiz.txt", "Größe: 3 < 4".encode(), TEXT),
        ("Notiz.txt", "Größe".encode("cp1252"), TEXT),
        ("Zahlen.csv", b"\xef\xbb\xbfJahr;Wert\r\n2026;201\r\n", CSV),
    ],
)
def test_a_file_is_known_by_its_content(name: str, content: bytes, kind: FileKind) -> None:
    checked = check_file(sent(name, content))

    assert checked.kind is kind
    assert checked.size == len(content)
    assert len(checked.checksum) == 64


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("Bild.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("Seite.html", b"<!doctype html><script>alert(1)</script>"),
        ("Notiz.txt", b"\n  <html><body>"),
        ("Notiz.txt", b"Hallo <script>alert(1)</script>"),
        ("Programm.exe", b"MZ\x90\x00\x03\x00\x00\x00"),
        ("Programm.txt", b"\x7fELF\x02\x01\x01\x00"),
        ("Skript.txt", b"#!/bin/sh\nrm -rf /"),
        ("Brief.docx", MACRO),
        ("Archiv.zip", packed(**{"a.txt": "x"})),
        ("Kaputt.docx", b"PK\x03\x04 kaputt"),
        ("Bild.gif", b"GIF89a\x01\x00\x00\x00"),
    ],
)
def test_other_kinds_are_refused_whatever_they_are_called(name: str, content: bytes) -> None:
    with pytest.raises(FileRefusedError, match="Möglich sind"):
        check_file(sent(name, content))


def test_a_name_that_hides_the_content_is_refused() -> None:
    with pytest.raises(FileRefusedError, match="endet"):
        check_file(sent("Bild.png", b"%PDF-1.7"))


def test_an_empty_and_a_too_large_file_are_refused() -> None:
    with pytest.raises(FileRefusedError, match="leer"):
        check_file(sent("leer.txt", b""))
    with pytest.raises(FileRefusedError, match="höchstens"):
        check_file(sent("gross.txt", b"12345"), largest=4)


def test_a_page_may_take_pictures_alone() -> None:
    with pytest.raises(FileRefusedError, match="PNG, JPEG, WebP"):
        check_file(sent("Konzept.pdf", b"%PDF-1.7"), kinds=PICTURES)


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Eigene Dateien\\Plan.pdf", "Plan.pdf"),
        (f"Rechnung{RTL}fdp.exe", "Rechnungfdp.exe"),
        ("Pflege 💚.pdf", "Pflege 💚.pdf"),
        ("\x00\n", "Datei"),
        ("." * 5, "Datei"),
        ("x" * 300 + ".pdf", "x" * 196 + ".pdf"),
        ("a." + "x" * 300, "a." + "x" * 198),
    ],
)
def test_a_name_keeps_only_what_can_be_seen(given_name: str, kept: str) -> None:
    assert clean_name(given_name) == kept


@given(st.text(max_size=400))
def test_every_name_becomes_one_that_can_be_kept(name: str) -> None:
    kept = clean_name(name)

    assert 0 < len(kept) <= MAX_NAME
    assert not {"/", "\\", "\x00", "\n", RTL} & set(kept)


@pytest.fixture
def record(settings: Any, tmp_path: Path) -> Municipality:
    settings.MEDIA_ROOT = tmp_path
    return Municipality.objects.get_or_create(pk=1)[0]


@pytest.mark.django_db
def test_a_file_lies_under_a_random_name_and_is_handed_out_as_a_download(
    record: Municipality, tmp_path: Path
) -> None:
    checked = check_file(sent("Konzept Größe.txt", b"Hallo"))

    attachment = attach_file(record, checked, description="Konzept", by=None, now=NOW)
    response = file_response(attachment)

    (stored,) = (path for path in tmp_path.rglob("*") if path.is_file())
    assert "Konzept" not in str(stored.relative_to(tmp_path))
    assert b"".join(response) == b"Hallo"
    assert response["Content-Disposition"].startswith("attachment; ")
    assert "Konzept%20Gr%C3%B6%C3%9Fe.txt" in response["Content-Disposition"]
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]
    assert response["Content-Type"] == "text/plain"
    response.close()


@pytest.mark.django_db
def test_a_removed_file_is_no_longer_shown_but_stays_kept(
    record: Municipality, tmp_path: Path
) -> None:
    attachment = attach_file(record, check_file(sent("a.txt", b"Hallo")), by=None, now=NOW)

    remove_attachment(attachment, reason="veraltet", by=None, now=NOW)

    assert not Attachment.objects.of(Municipality, [record.pk]).exists()
    assert Attachment.objects.get().removed_at == NOW
    assert [path for path in tmp_path.rglob("*") if path.is_file()]
    assert "veraltet" in attachment.history.latest().history_change_reason


@pytest.mark.django_db
def test_nothing_is_left_on_the_disk_when_the_record_cannot_be_kept(
    record: Municipality, tmp_path: Path
) -> None:
    checked = check_file(ContentFile(b"Hallo", name="a.txt"))

    with pytest.raises(IntegrityError):
        attach_file(record, checked, description=None, by=None, now=NOW)  # type: ignore[arg-type]

    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
