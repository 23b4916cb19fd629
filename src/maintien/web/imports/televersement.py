"""What a browser sends goes to a temporary file before any view: a full disk there must be a sentence too."""

from typing import Any

from django.core.files.uploadhandler import StopUpload, TemporaryFileUploadHandler
from django.http import HttpRequest

_MARQUE = "televersement_sans_place"


class DepotUploadHandler(TemporaryFileUploadHandler):
    """Stops at the first refusal of the disk, and tells the view."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        try:
            super().new_file(*args, **kwargs)
        except OSError as erreur:
            raise self._stop() from erreur

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        try:
            return super().receive_data_chunk(raw_data, start)
        except OSError as erreur:
            raise self._stop() from erreur

    def _stop(self) -> StopUpload:
        setattr(self.request, _MARQUE, True)
        return StopUpload(connection_reset=False)


def is_sans_place(request: HttpRequest) -> bool:
    """Whether what was sent could not be kept, even for a moment."""
    return bool(getattr(request, _MARQUE, False))
