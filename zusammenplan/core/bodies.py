"""How much a request may bring along: refused before any of it is on the disk."""

from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler
from django.utils.datastructures import MultiValueDict

# Files of statistics may have 100 MB together; the rest are the form around them.
MOST_BYTES = 102 * 1024 * 1024
# A browser shows the answer only when all was taken from it; from people who are signed in it is,
# and thrown away, up to what no table has.
MOST_THROWN_AWAY = 1024 * 1024 * 1024
CHUNK = 1 << 20


class BoundedUploadHandler(FileUploadHandler):
    """Refuse what is larger than any page takes; from strangers, no page takes a file at all."""

    def handle_raw_input(
        self,
        input_data: Any,
        META: dict[str, Any],  # noqa: ARG002, N803 - Django's signature
        content_length: int,
        boundary: str,  # noqa: ARG002 - as above
        encoding: str | None = None,  # noqa: ARG002 - as above
    ) -> tuple[Any, MultiValueDict[str, Any]] | None:
        user = getattr(self.request, "user", None)
        is_known = user is not None and user.is_authenticated
        most = MOST_BYTES if is_known else settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        if content_length > most:
            if is_known and content_length <= MOST_THROWN_AWAY:
                while input_data.read(CHUNK):
                    continue
            raise RequestDataTooBig
        return None

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:  # noqa: ARG002 - as above
        """Hand on to the handlers that keep the file."""
        return raw_data

    def file_complete(self, file_size: int) -> None:  # noqa: ARG002 - as above
        """Leave the file to them too."""
        return
