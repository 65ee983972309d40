"""64 senders on 64 connections, each with one command in flight; requests are made before the clock runs."""

import asyncio
import time
from dataclasses import dataclass, field
from itertools import count

from benchmarks.durable import plant, wire
from benchmarks.durable.plant import Sender

_messages = count()


@dataclass
class Round:
    """What one round took: seconds from first to last, and of each command; how many; CPU of the server."""

    seconds: float
    waits: list[float] = field(default_factory=list)
    cpu: float = 0.0

    @property
    def rate(self) -> float:
        """Commands a second."""
        return len(self.waits) / self.seconds

    def wait(self, share: float) -> float:
        """Return the wait in milliseconds that this share of commands did not exceed."""
        return sorted(self.waits)[min(len(self.waits) - 1, int(share * len(self.waits)))] * 1000


def request(sender: Sender) -> bytes:
    """Return one callback as bytes of HTTP, with a message id of its own."""
    body = {
        "msgid": f"MSGID{next(_messages):012}",
        "aibotid": "bench",
        "chatid": sender.chat,
        "chattype": "group",
        "from": {"userid": sender.user},
        "msgtype": "text",
        "text": {"content": f"@班长 {sender.text}"},
        "create_time": 1_772_409_600,
    }
    path, data = wire.callback(body)
    head = (
        f"POST {path} HTTP/1.1",
        "Host: bench",
        "Content-Type: application/json",
        f"Content-Length: {len(data)}",
    )
    return "\r\n".join((*head, "", "")).encode() + data


@dataclass
class Line:
    """One connection of one sender."""

    sender: Sender
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def ask(self, data: bytes) -> bytes:
        """Send a request; returns the answer's body."""
        self.writer.write(data)
        head = await self.reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200"), head
        length = head.lower().split(b"content-length: ", 1)[1].split(b"\r\n", 1)[0]
        return await self.reader.readexactly(int(length))


class Senders:
    """All senders before one server."""

    def __init__(self, lines: list[Line]) -> None:
        self.lines = lines

    @classmethod
    async def connect(cls, port: int) -> "Senders":
        """Connect every sender."""
        opened = [await asyncio.open_connection("127.0.0.1", port) for _ in plant.ALL]
        return cls([Line(sender, *streams) for sender, streams in zip(plant.ALL, opened, strict=True)])

    async def run(self, each: int) -> Round:
        """Let every sender say `each` commands; every answer is opened afterwards and must be a reply."""
        said = [[request(line.sender) for _ in range(each)] for line in self.lines]
        cpu = await self._cpu()
        waits: list[float] = []
        began = time.perf_counter()
        answers = await asyncio.gather(
            *(_say(line, requests, waits) for line, requests in zip(self.lines, said, strict=True))
        )
        taken = Round(time.perf_counter() - began, waits, await self._cpu() - cpu)
        for line, bodies in zip(self.lines, answers, strict=True):
            assert all(
                f"{line.sender.order} {plant.OPERATION}：良 50，废 1" in wire.answered(it) for it in bodies
            )
        return taken

    async def _cpu(self) -> float:
        return float(await self.lines[0].ask(b"GET /cpu HTTP/1.1\r\nHost: bench\r\n\r\n"))

    def close(self) -> None:
        """Hang up."""
        for line in self.lines:
            line.writer.close()


async def _say(line: Line, requests: list[bytes], waits: list[float]) -> list[bytes]:
    answers = []
    for data in requests:
        began = time.perf_counter()
        answers.append(await line.ask(data))
        waits.append(time.perf_counter() - began)
    return answers
