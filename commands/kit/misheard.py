"""Words of a message that sound like verbs: 保工 is 报工."""

from collections.abc import Iterator

from commands.kit.registry import Registry
from commands.kit.scans import windows


def misheard(registry: Registry, head: str) -> Iterator[tuple[int, int, str]]:
    """Yield (start, end, verb) of words that sound like verbs, the best first."""
    found = [
        (score, start, end, verb)
        for start, end in windows(head)
        for verb, score in registry.sounds.close(head[start:end])
    ]
    for _, start, end, verb in sorted(found, key=lambda one: (-one[0], one[1], one[1] - one[2]))[:4]:
        yield start, end, verb
