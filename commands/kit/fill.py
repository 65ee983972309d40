"""Puts what stands in a sentence into the slots of one phrasing: marked ones first, then the surest."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from commands.kit.normal import readable
from commands.kit.phrases import whole_word
from commands.kit.sentence import Sentence, overlaps
from commands.kit.slots import Match, Rank
from commands.kit.spec import Phrasing, Slot

Span = tuple[int, int]

_POLITE = (
    "请问|请|麻烦|帮我|帮忙|帮|一下|一共|总共|共计|共|我们|我|你们|你|班长|谢谢|谢了|多谢|辛苦了|辛苦|吧|啊|呢|呀|哈|哦|嗯|了|的|是|给|"
    "把|和|还有|另外|其中|数量|做了|做完|完成了|完成|已经|已|现在|刚才|刚刚|今天的|吗|嘛|啦|下|个|件|去|要|想|都|在|对|工单号|工单|工序"
)
_WORDS = "|".join(sorted(_POLITE.split("|"), key=len, reverse=True))
_NOTHING = re.compile(rf"(?:[\W_]|{_WORDS})*+")  # possessive: no way back, linear on anything
_BETWEEN = re.compile(r"(?:数量|数|是|为|有|了|[:= ])*$")
_LONGEST_MARK_GAP = 6


@dataclass(eq=False)
class Filling:
    """What one phrasing makes of one sentence."""

    phrasing: Phrasing
    values: dict[str, Any]
    claimed: list[Span]
    unclear: tuple[str, ...] = ()

    def free(self, start: int, end: int) -> bool:
        """Say whether nothing has taken this part of the sentence yet."""
        return not overlaps(self.claimed, start, end)

    def take(self, slot: Slot, match: Match, *also: Span) -> None:
        """Give a match to a slot."""
        self.claimed += [(match.start, match.end), *also]
        self.values[slot.name] = (*self.values.get(slot.name, ()), match.value) if slot.many else match.value

    def wants(self, slot: Slot) -> bool:
        """Say whether a slot can take (another) match."""
        return slot.name not in self.values or slot.many

    @property
    def missing(self) -> list[Slot]:
        """The required slots that are still empty, in the order of the usage line."""
        return [slot for slot in self.phrasing.slots if slot.required and slot.name not in self.values]


def fill(
    phrasing: Phrasing, sentence: Sentence, *, verb: Sequence[Span] = (), got: Mapping[str, Any] | None = None
) -> Filling:
    """Return what `phrasing` makes of `sentence`; `verb` is where its own words stand, `got` is known before."""
    known = dict(got or {})
    filling = Filling(phrasing, known, list(verb))
    slots = [slot for slot in phrasing.slots if slot.name not in known and not slot.type.free]
    _fill_marked(filling, sentence, [slot for slot in slots if slot.marked])
    _fill_ranked(filling, sentence, sorted(slots, key=lambda slot: slot.type.turn))
    _claim_noise(filling, sentence)
    text = next((slot for slot in phrasing.slots if slot.type.free and slot.name not in known), None)
    if text:
        _fill_text(filling, sentence, text, after=max((end for _, end in verb), default=0))
    filling.unclear = tuple(_unclear(filling, sentence))
    return filling


def _fill_marked(filling: Filling, sentence: Sentence, slots: list[Slot]) -> None:
    for slot_type in dict.fromkeys(slot.type for slot in slots):
        same = [slot for slot in slots if slot.type == slot_type]
        matches = [match for match in sentence.of(slot_type) if filling.free(match.start, match.end)]
        for at, match in enumerate(matches):
            following = matches[at + 1] if at + 1 < len(matches) else None
            mark = _mark_of(filling, sentence, same, match, following)
            if mark and filling.wants(mark.slot) and filling.free(match.start, match.end):
                filling.take(mark.slot, match, mark.span)


@dataclass(frozen=True)
class _Mark:
    slot: Slot
    span: Span
    gap: int


def _mark_of(
    filling: Filling, sentence: Sentence, slots: list[Slot], match: Match, following: Match | None
) -> _Mark | None:
    """Return the mark that belongs to `match`: 50良2废, 良50废2, 「50 废2」 (there 废 belongs to the 2)."""
    before = _mark_before(sentence.folded, slots, match.start)
    if before and filling.free(*before.span):
        return before
    after = _mark_after(sentence.folded, slots, match.end)
    if after is None or not filling.free(*after.span):
        return None
    rival = _mark_before(sentence.folded, slots, following.start) if following else None
    return None if rival and rival.span == after.span and rival.gap < after.gap else after


def _mark_after(text: str, slots: list[Slot], end: int) -> _Mark | None:
    at = end + text.startswith(" ", end)
    words = [(word, slot) for slot in slots for word in slot.after if text.startswith(word, at)]
    for word, slot in sorted(words, key=lambda pair: -len(pair[0])):
        if whole_word(text, at, at + len(word)):
            return _Mark(slot, (at, at + len(word)), at - end)
    return None


def _mark_before(text: str, slots: list[Slot], start: int) -> _Mark | None:
    begin = max(0, start - _LONGEST_MARK_GAP)
    found = _BETWEEN.search(text[begin:start])
    at = begin + found.start() if found else start
    for edge in dict.fromkeys((start, at)):
        words = [(word, slot) for slot in slots for word in slot.before if text.endswith(word, 0, edge)]
        if words:
            word, slot = max(words, key=lambda pair: len(pair[0]))
            return _Mark(slot, (edge - len(word), start), start - edge)
    return None


def _fill_ranked(filling: Filling, sentence: Sentence, slots: list[Slot]) -> None:
    for rank in Rank:
        for slot in slots:
            if slot.marked and not slot.required:
                continue
            for match in sentence.of(slot.type):
                if not filling.wants(slot):
                    break
                if match.rank == rank and filling.free(match.start, match.end):
                    filling.take(slot, match)


def _claim_noise(filling: Filling, sentence: Sentence) -> None:
    """Optional words of the usage line ([的]进度) are no riddle where they stand."""
    for part in filling.phrasing.usage.parts:
        at = sentence.head.find(part.word) if part.word and part.optional else -1
        if at >= 0 and filling.free(at, at + len(part.word)):
            filling.claimed.append((at, at + len(part.word)))


def _fill_text(filling: Filling, sentence: Sentence, slot: Slot, *, after: int) -> None:
    """Free text is everything from the first to the last word left over, behind the verb if there is any."""
    gaps = [gap for gap in _gaps(filling, len(sentence.text)) if not _is_nothing(sentence.text[slice(*gap)])]
    behind = [gap for gap in gaps if gap[0] >= after]
    chosen = behind or gaps
    if not chosen:
        return
    start, end = chosen[0][0], chosen[-1][1]
    said = sentence.text[start:end].lstrip(" ,:;.-")
    for word in sorted(slot.before, key=len, reverse=True):
        if fold_starts(said, word):
            said = said[len(word) :]
            break
    if text := readable(said):
        filling.values[slot.name] = text
        filling.claimed.append((start, end))


def fold_starts(text: str, word: str) -> bool:
    """Say whether `text` starts with the folded `word`."""
    return text[: len(word)].lower() == word


def _gaps(filling: Filling, length: int) -> Iterator[Span]:
    at = 0
    for start, end in sorted(filling.claimed):
        if start > at:
            yield at, start
        at = max(at, end)
    if at < length:
        yield at, length


def _is_nothing(text: str) -> bool:
    return _NOTHING.fullmatch(text) is not None


def _unclear(filling: Filling, sentence: Sentence) -> Iterator[str]:
    for start, end in _gaps(filling, len(sentence.text)):
        for piece in sentence.text[start:end].split("\n"):
            if not _is_nothing(piece):
                yield readable(piece)[:40] or piece.strip()[:40]
