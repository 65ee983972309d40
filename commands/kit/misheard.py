"""Words of a message that sound like verbs: 保工 is 报工."""

from collections.abc import Iterator

from commands.kit.registry import Registry
from commands.kit.scans import windows
from commands.kit.sentence import Sentence, overlaps


def misheard(registry: Registry, sentence: Sentence) -> Iterator[tuple[int, int, str]]:
    """Yield (start, end, verb) of words that sound like verbs, the best first; no part of a code is one."""
    head, codes = sentence.head, [span for _, span in sentence.codes()]
    found = [
        (score, start, end, verb)
        for start, end in windows(head)
        if not overlaps(codes, start, end)
        for verb, score in registry.sounds.close(head[start:end])
    ]
    for _, start, end, verb in sorted(found, key=lambda one: (-one[0], one[1], one[1] - one[2]))[:4]:
        yield start, end, verb
