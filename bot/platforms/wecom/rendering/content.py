"""What is said in one message: its type and its data."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Content:
    """One message; `body()` is what every door of WeCom wraps in its own envelope."""

    kind: str
    data: dict[str, Any]

    @classmethod
    def markdown(cls, text: str) -> "Content":
        """Return Markdown content."""
        return cls(kind="markdown", data={"content": text})

    @classmethod
    def stream(cls, text: str, *, stream_id: str) -> "Content":
        """Return a stream that is finished with its first frame (never more: each frame costs quota)."""
        return cls(kind="stream", data={"id": stream_id, "finish": True, "content": text})

    def body(self) -> dict[str, Any]:
        """Return `{"msgtype": kind, kind: data}`."""
        return {"msgtype": self.kind, self.kind: self.data}
