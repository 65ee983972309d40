"""What a person sees of a post on their phone, as lines of plain text; the same for both platforms."""

import re
from collections.abc import Iterator

from bot.sandbox.town import Change, Post
from bot.sandbox.world import World

_MARKUP = re.compile(r"^#{1,4} |^> |\*\*|\\(?=[^\w\s])|^—— (?=#)")


def shown(world: World, change: Change) -> list[str]:
    """Return the lines that somebody reads; mentions as @name, buttons as 【text】 on the last line."""
    if change.post is None:
        return [f"〔{change.text}〕"]
    lines = [line for text in _texts(change.post) for line in text.split("\n")]
    plain = [_MARKUP.sub("", line.strip(" ")) for line in lines]
    return [line for line in (*plain, _called(world, change.post), _buttons(change.post)) if line]


def _texts(post: Post) -> Iterator[str]:
    body = post.body
    match post.kind:
        case "card":
            yield from (body["title"], body["text"], body["note"])
        case "markdown" | "text":
            yield body["text"]
        case _:
            yield f"〔{post.kind}〕"


def _called(world: World, post: Post) -> str:
    """Return the mentions that ring but do not stand in the text."""
    text = "".join(_texts(post))
    names = (f"@{world.residents[person].name}" for person in post.mentions)
    return " ".join(name for name in names if name not in text)


def _buttons(post: Post) -> str:
    return "".join(f"【{button['text']}】" for button in post.body.get("buttons", ()))
