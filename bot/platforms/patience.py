"""How long an answer is waited for: only time counts in which this process could have noticed it.

A machine that was paused, or a process that got no processor, wakes with every limit over and the answers
unread in its sockets. To take that for the platform's failure would be to say things twice.
"""

import asyncio
from typing import Any, Final

PIECES: Final = 8


async def comes(what: "asyncio.Future[Any]", *, within: float) -> bool:
    """Wait until `what` is done, at most so many seconds; False if it is not, and it is left as it is.

    A piece of that time that took twice as long was stood through and does not count, at most `PIECES` times.
    """
    loop, piece = asyncio.get_running_loop(), within / PIECES
    left, mercy = PIECES, PIECES
    while left and not what.done():
        late = loop.time() + 2 * piece
        await asyncio.wait({what}, timeout=piece)
        if mercy and loop.time() > late:
            mercy -= 1
        else:
            left -= 1
    return what.done()
