"""The one shape of speech: every answer, alert and digest is a Card.

A card is plain data: it goes through the outbox as JSON and is rendered by the platform that sends it.
Texts are already in the reader's language; markup is the renderer's business, so a text is never Markdown.
"""

from dataclasses import dataclass
from typing import Any, Literal

Tone = Literal["plain", "good", "warn", "bad"]
Ring = Literal["", "app", "sms", "phone"]
ButtonStyle = Literal["primary", "plain", "danger"]


@dataclass(frozen=True, kw_only=True)
class Button:
    """A sentence to press: pressing it is the same as saying `say`.

    `guard` names the state the button was made for; a command refuses a button whose guard has passed.
    """

    text: str
    say: str
    style: ButtonStyle = "plain"
    guard: str = ""


@dataclass(frozen=True, kw_only=True)
class Table:
    """A small table: header and rows of text."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, kw_only=True)
class File:
    """A file that goes with a card: the hash-name of a media file, and the name (with ending) for people."""

    media: str
    name: str


@dataclass(kw_only=True)  # not frozen: to make one, as every message does, would take three times as long
class Card:
    """Title, lines, table, buttons, picture, file and mentions; rendered as well as each platform can.

    `mentions` are person ids of ours (the platform turns them into its own); `image` is the hash-name of a
    media file; picture and file follow the text; `number` is the answer number that 撤 takes; `key` names a
    card that later versions replace; `ring` is how those who are called are rung besides, where the platform
    can (a DING in the app, by text message or by telephone). `listing` is what is too much for words: it
    becomes the `file` before the card is written down, and is never sent as it is.
    """

    title: str = ""
    lines: tuple[str, ...] = ()
    table: Table | None = None
    buttons: tuple[Button, ...] = ()
    mentions: tuple[int, ...] = ()
    tone: Tone = "plain"
    image: str | None = None
    file: File | None = None
    number: int | None = None
    key: str = ""
    ring: Ring = ""
    listing: Table | None = None

    def to_json(self) -> dict[str, Any]:
        """Return plain data for the outbox row."""
        plain = {**vars(self), "buttons": [vars(button) for button in self.buttons]}
        plain |= {"file": vars(self.file) if self.file else None}
        del plain["listing"]
        if not self.ring:
            del plain["ring"]  # a node of the version before does not know it
        return {**plain, "table": vars(self.table) if self.table else None}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Card":
        """Rebuild a card from its outbox row."""
        table, file = data.get("table"), data.get("file")
        return cls(
            **{
                **data,
                "lines": tuple(data.get("lines", ())),
                "mentions": tuple(data.get("mentions", ())),
                "buttons": tuple(Button(**button) for button in data.get("buttons", ())),
                "file": file and File(**file),
                "table": table
                and Table(header=tuple(table["header"]), rows=tuple(map(tuple, table["rows"]))),
            }
        )

    def plain_text(self) -> str:
        """Everything the card says, as lines of plain text: the fallback of every platform."""
        parts = [self.title, *self.lines]
        if self.table:
            parts += ["　".join(row) for row in (self.table.header, *self.table.rows)]
        parts += [f"▸ {button.text}：{button.say}" for button in self.buttons]
        if self.number is not None:
            parts.append(f"#{self.number}")
        return "\n".join(filter(None, parts))
