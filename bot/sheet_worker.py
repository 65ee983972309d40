"""The child process of bot/tables.py: one file in on stdin, its rows out on stdout, under limits of its own.

A workbook costs memory and seconds that neither the event loop nor the bot's own memory should pay for.
"""

import json
import os
import resource
import sys

from bot.sheets import SheetUnreadable, read_bytes

MEMORY_BYTES = 1 << 30
CPU_SECONDS = 20
NICENESS = 10  # a table may wait, the event loop may not


def main() -> None:
    """Read one file; its name is the first argument."""
    replies = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what a library prints must not stand in the answer
    limit_myself()
    json.dump(answer_to(sys.stdin.buffer.read(), name=sys.argv[1]), replies, ensure_ascii=False)
    replies.close()


def limit_myself() -> None:
    """Bound memory, time, files and core dumps of this process, and let everybody else go first."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(NICENESS)


def answer_to(data: bytes, *, name: str) -> dict[str, object]:
    """Return `{"rows": [...]}` or `{"error": why}`."""
    try:
        return {"rows": read_bytes(data, name=name)}
    except SheetUnreadable as unreadable:
        return {"error": str(unreadable)}
    except MemoryError:
        return {"error": f"{name} 太大，请分成几个文件"}


if __name__ == "__main__":
    main()
