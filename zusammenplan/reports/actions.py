"""
Make documents as files, one at a time, and keep them until their content changes.

A file is known by a checksum of all that goes into it. Its name on the disk is its state: a
``.part`` file while it is made, the file itself when it is there, an empty ``.refused`` when it
cannot be made; the reason stands in the log. See
docs/decisions/0020-documents-are-made-beside-the-request.md.
"""

import hashlib
import json
import logging
import os
import threading
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from django.conf import settings

from zusammenplan import __version__
from zusammenplan.core.models import Attachment
from zusammenplan.reports.exports.plan_docx import plan_docx
from zusammenplan.reports.exports.plan_pdf import plan_pdf
from zusammenplan.reports.queries.model import Document

Kind = Literal["pdf", "docx"]
State = Literal["making", "done", "refused", "unknown"]
MAKERS = {"pdf": plan_pdf, "docx": plan_docx}
# After so long somebody who was making a file is taken to have died with its process.
DEAD_AFTER_SECONDS = 240
KEPT_SECONDS = 30 * 86_400
log = logging.getLogger(__name__)
_one_at_a_time = threading.Lock()


@dataclass(frozen=True, slots=True)
class Job:
    """A file that is made, or is there already."""

    plan: int
    key: str
    kind: Kind

    @property
    def path(self) -> Path:
        return _folder() / f"{self.plan}-{self.key}.{self.kind}"

    @property
    def state(self) -> State:
        # Asked first: it goes only when the file or the refusal is there.
        is_alive = _is_alive(self._part)
        if self.path.exists():
            return "done"
        if self.path.with_suffix(f".{self.kind}.refused").exists():
            return "refused"
        return "making" if is_alive else "unknown"

    @property
    def seconds(self) -> int:
        """Tell for how long it has been in the making."""
        try:
            return max(0, int(time.time() - self._part.stat().st_mtime))
        except FileNotFoundError:
            return 0

    @property
    def _part(self) -> Path:
        return self.path.with_suffix(f".{self.kind}.part")


def start(plan: int, document: Document, kind: Kind) -> Job:
    """Begin to make the file beside the request, unless it is there or in the making."""
    job, files = _prepare(plan, document, kind)
    if job.state in {"done", "making"} or not _claim(job):
        return job
    thread = threading.Thread(
        target=_make, args=(job, document, files), name=f"document-{job.key[:8]}", daemon=True
    )
    thread.start()
    return job


def make_now(plan: int, document: Document, kind: Kind) -> bytes:
    """
    Give the file at once, made anew only if it is not there.

    :raises TypesettingError: if the typesetter refuses the document
    """
    job, files = _prepare(plan, document, kind)
    if job.path.exists():
        return job.path.read_bytes()
    with _one_at_a_time:
        if job.path.exists():
            return job.path.read_bytes()
        content = MAKERS[kind](document, lambda pk: files[pk].read_bytes())
        _keep(job, content)
    return content


def _prepare(plan: int, document: Document, kind: Kind) -> tuple[Job, dict[int, Path]]:
    pictures = Attachment.objects.filter(pk__in=list(document.pictures))
    files = {one.pk: Path(one.file.path) for one in pictures}
    whole = json.dumps([__version__, asdict(document)], ensure_ascii=False, sort_keys=True)
    return Job(plan, hashlib.sha256(whole.encode()).hexdigest()[:40], kind), files


def _make(job: Job, document: Document, files: Mapping[int, Path]) -> None:
    refused = job.path.with_suffix(f".{job.kind}.refused")
    part = job.path.with_suffix(f".{job.kind}.part")
    try:
        with _one_at_a_time:
            content = MAKERS[job.kind](document, lambda pk: files[pk].read_bytes())
        _keep(job, content)
    except Exception:
        log.exception("The document %s could not be made.", job.path.name)
        refused.touch()
    finally:
        part.unlink(missing_ok=True)


def _keep(job: Job, content: bytes) -> None:
    """Write the file whole or not at all; what was made long ago goes then."""
    _tidy_up()
    fresh = job.path.with_name(f"{job.path.name}.{os.getpid()}.{threading.get_ident()}")
    fresh.write_bytes(content)
    fresh.replace(job.path)


def _claim(job: Job) -> bool:
    """Take the making of the file; only one process and thread can."""
    part = job.path.with_suffix(f".{job.kind}.part")
    if not _is_alive(part):
        part.unlink(missing_ok=True)
    job.path.with_suffix(f".{job.kind}.refused").unlink(missing_ok=True)
    try:
        part.touch(exist_ok=False)
    except FileExistsError:
        return False
    return True


def _is_alive(part: Path) -> bool:
    try:
        # The other way round it is from before the clock was set back.
        return abs(time.time() - part.stat().st_mtime) < DEAD_AFTER_SECONDS
    except FileNotFoundError:
        return False


def _tidy_up() -> None:
    """Delete what was made long ago; it can be made again."""
    for file in _folder().iterdir():
        try:
            if time.time() - file.stat().st_mtime > KEPT_SECONDS:
                file.unlink()
        except FileNotFoundError:
            continue


def _folder() -> Path:
    folder = Path(settings.DATA) / "made"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder
