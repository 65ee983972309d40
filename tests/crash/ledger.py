"""The outside log: what was said, what the platform saw acknowledged, what was answered."""

import asyncio
import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

REPEATED: Final = "重发"


@dataclass(kw_only=True)
class Said:
    """One command: `key` is what its one effect and its one answer are known by, unique in the run.

    `shown` are the answers seen in its room, in order, each marked 重发 or not; `elsewhere` counts those in
    other chats, where what was given up here is told to the next who should know. `told` counts how often the
    platform has told the bot of it.
    """

    key: str
    platform: str
    room: str
    message_id: str
    post_id: str
    acked: bool = False
    shown: list[bool] = field(default_factory=list)
    elsewhere: int = 0
    told: int = 0
    answered: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def counts(self) -> bool:
        """Whether the bot has said, by acknowledgement or answer, that it has this command."""
        return self.acked or bool(self.shown)


class Ledger:
    """Everything that was said in this run; `with Ledger(path)` writes it down line by line."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("w", encoding="utf-8")
        self.by_message: dict[tuple[str, str], Said] = {}
        self.by_answer: dict[tuple[str, str], Said] = {}
        self.by_key: dict[str, Said] = {}
        self.anywhere = False  # an answer may come by another door than the question: keys are unique
        self.stray: list[str] = []
        self.acked = 0
        self.answered = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.sync()
        self._file.close()

    @property
    def said(self) -> list[Said]:
        """Every command of the run."""
        return list(self.by_message.values())

    def say(self, said: Said) -> Said:
        """Note a command that has just been said."""
        self.by_message[said.platform, said.message_id] = said
        self.by_answer[said.room, said.key] = said
        self.by_key[said.key] = said
        self._write(said=said.key, platform=said.platform, room=said.room, message=said.message_id)
        return said

    def acknowledge(self, platform: str, message_id: str) -> None:
        """Note what the platform saw acknowledged."""
        said = self.by_message.get((platform, message_id))
        if said is not None and not said.acked:
            said.acked = True
            self.acked += 1
            self._write(acked=said.key)

    def tell(self, platform: str, message_id: str) -> None:
        """Note that the platform tells the bot of a message, once more perhaps."""
        if said := self.by_message.get((platform, message_id)):
            said.told += 1

    def answer(self, room: str, key: str, *, repeated: bool, instead: bool = False) -> None:
        """Note an answer that was shown in a room; `instead`: as what could not be said where it belongs."""
        said = self.by_key.get(key)
        if said is None:
            self.stray.append(f"{room} {key}")
            return
        if instead or (said.room != room and not self.anywhere):
            said.elsewhere += 1
            said.answered.set()
            self._write(answered=key, elsewhere=room)
            return
        self.answered += not said.shown
        said.shown.append(repeated)
        said.answered.set()
        self._write(answered=key, repeated=repeated)

    def sync(self) -> None:
        """Have everything on the disk: called before every kill."""
        self._file.flush()
        os.fsync(self._file.fileno())

    def _write(self, **line: Any) -> None:
        self._file.write(json.dumps(line, ensure_ascii=False) + "\n")
