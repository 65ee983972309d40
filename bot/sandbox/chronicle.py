"""Where the pretend world is written down: one append-only JSONL file and a folder of media named by hash."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any


class Chronicle:
    """Lines of JSON that survive a killed process; without a folder everything stays in memory."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._media: dict[str, bytes] = {}
        if folder is not None:
            (folder / "media").mkdir(parents=True, exist_ok=True)
            _drop_torn_line(folder / "world.jsonl")

    def lines(self) -> Iterator[dict[str, Any]]:
        """Return what was written down earlier, oldest first."""
        if self._folder is None or not (path := self._folder / "world.jsonl").exists():
            return
        with path.open(encoding="utf-8") as file:
            for line in file:
                yield json.loads(line)

    def append(self, line: dict[str, Any]) -> None:
        """Write one line down."""
        if self._folder is not None:
            with (self._folder / "world.jsonl").open("a", encoding="utf-8") as file:
                file.write(json.dumps(line, ensure_ascii=False) + "\n")

    def keep(self, content: bytes) -> str:
        """Keep the bytes of a picture or file; return their name (the SHA-256 in hex)."""
        name = hashlib.sha256(content).hexdigest()
        if self._folder is None:
            self._media[name] = content
        elif not (path := self._folder / "media" / name).exists():
            path.write_bytes(content)
        return name

    def media(self, name: str) -> bytes:
        """Return the bytes kept under this name; raises KeyError."""
        if self._folder is None:
            return self._media[name]
        path = self._folder / "media" / name
        if not name.isalnum() or not path.exists():
            raise KeyError(name)
        return path.read_bytes()


def _drop_torn_line(path: Path) -> None:
    """Cut off a last line that a power cut left unfinished."""
    if path.exists():
        whole = path.read_bytes()
        if not whole.endswith(b"\n"):
            path.write_bytes(whole[: whole.rfind(b"\n") + 1])
