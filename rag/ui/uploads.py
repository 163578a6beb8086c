"""What may be uploaded: how large, how many, and never so much that the disk fills.

Gradio writes an upload to disk before it looks at it, so that what is too much must be refused
before its first byte is read: by the length that a request states, which the server holds it to.
"""

from __future__ import annotations

import shutil
import time
from pathlib import Path

MAX_UPLOAD_BYTES = 50 * 10**6
"""Of one file. An article has kilobytes, a scanned report 10 MB; the command line takes more."""
MAX_UPLOAD_FILES = 20
MAX_REQUEST_BYTES = 100 * 10**6
"""Of all files that come at once."""
# What is left for the library to grow and for the rest of the machine.
KEPT_FREE_BYTES = 500 * 10**6
# What nobody took by then was left by a page that was closed.
LEFT_AFTER_S = 3600


class Uploads:
    """The room for uploads in one folder.

    Args:
        folder: where the server writes them.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def refusal(self, headers: dict[bytes, str]) -> tuple[int, str] | None:
        """Status and reason where a request with these headers may not send its files."""
        length = headers.get(b"content-length", "")
        if not length.isascii() or not length.isdigit():
            return 411, "An upload has to say how long it is."
        if int(length) > MAX_REQUEST_BYTES:
            return 413, f"More than {MAX_REQUEST_BYTES // 10**6} MB cannot be uploaded at once."
        if shutil.disk_usage(self._folder).free - int(length) < KEPT_FREE_BYTES:
            return 507, "There is not enough room on the disk for an upload."
        return None

    def sweep(self) -> None:
        """Remove what earlier pages left."""
        for left in self._folder.iterdir():
            if time.time() - left.stat().st_mtime < LEFT_AFTER_S:
                continue
            if left.is_dir():
                shutil.rmtree(left, ignore_errors=True)
            else:  # Gradio makes an empty file for each one that it hands on
                left.unlink(missing_ok=True)
