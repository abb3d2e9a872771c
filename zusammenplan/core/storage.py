"""Files are kept whole or not at all."""

from typing import Any

from django.core.files.storage import FileSystemStorage


class WholeFileStorage(FileSystemStorage):
    """Django's storage, which leaves no half of a file behind when the disk is full."""

    def _save(self, name: str, content: Any) -> str:
        try:
            return str(super()._save(name, content))  # type: ignore[misc] # untyped
        except FileExistsError:  # another one's file
            raise
        except OSError:
            self.delete(name)
            raise
