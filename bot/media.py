"""Pictures and files, kept under the data directory by the hash of what is in them."""

import hashlib
import os
import re
from pathlib import Path


class MediaStore:
    """A folder of files named by their SHA-256; the same picture is kept once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, data: bytes) -> str:
        """Write the bytes (durably, then renamed into place) and return their name."""
        name = hashlib.sha256(data).hexdigest()
        path = self.path(name)
        if path.exists():
            return name
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(f".{os.getpid()}.part")
        with part.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
        return name

    def path(self, name: str) -> Path:
        """Return where a file of this name is; raises ValueError for anything but a hash."""
        if not re.fullmatch(r"[0-9a-f]{64}", name):
            raise ValueError("a media file is named by its hash")
        return self._folder / name[:2] / name
