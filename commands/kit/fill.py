"""Puts what stands in a sentence into the slots of one phrasing: marked ones first, then the surest."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from typing import Any

from commands.kit.marks import Mark, MarkedSlots
from commands.kit.normal import readable
from commands.kit.sentence import HEAD, Sentence, overlaps
from commands.kit.slots import EXACT, LOOSE, Match, Rank
from commands.kit.spec import Phrasing, Slot

Span = tuple[int, int]
RANKS = tuple(Rank)

_POLITE = (
    "请问|请|麻烦|帮我|帮忙|帮|一下|一共|总共|共计|共|我们|我|你们|你|班长|谢谢|谢了|多谢|辛苦了|辛苦|吧|啊|呢|呀|哈|哦|嗯|了|的|是|给|"
    "把|和|还有|先|今天|又|刚|就|也|呗|咯|喽|哒|么|请给|给我|做|来|要做|另外|其中|数量|做了|做完|完成了|完成|已经|已|现在|刚才|刚刚|今天的|吗|嘛|啦|下|个|件|去|要|想|都|在|对|收到|工单号|工单|工序|批号|料号"
)
_WORDS = "|".join(sorted(_POLITE.split("|"), key=len, reverse=True))
_NOTHING = re.compile(rf"(?:[\W_]|{_WORDS})*+")  # possessive: no way back, linear on anything
QUOTED = 40  # characters of an unclear word that are quoted back
RIDDLES = 8  # unclear words that are counted


@dataclass(eq=False, slots=True)
class Filling:
    """What one phrasing makes of one sentence: values, places taken, words left over, slots left empty.

    `doubtful`: the free text stood before the verb, which is more often talk than an order. `marked`: a word
    of the sentence marked a slot. `loose` are (kind, start, end) of what was merely taken for a code,
    `places` are (slot, start) of what slots that take many have.
    """

    phrasing: Phrasing
    values: dict[str, Any]
    claimed: list[Span]
    unclear: tuple[str, ...] = ()
    missing: Sequence[Slot] = ()
    doubtful: bool = False
    marked: bool = False
    loose: tuple[tuple[str, int, int], ...] = ()
    places: tuple[tuple[str, int], ...] = ()

    @property
    def is_whole(self) -> bool:
        """Say whether nothing is missing, nothing left over, and nothing doubtful."""
        return not (self.unclear or self.missing or self.doubtful)

    def take(self, slot: Slot, match: Match) -> None:
        """Give a match to a slot."""
        self.claimed.append((match.start, match.end))
        self.values[slot.name] = self._among(slot, match) if slot.many else match.value

    def _among(self, slot: Slot, match: Match) -> tuple[Any, ...]:
        """Return the values of a slot that takes many with one more, in the order of the sentence."""
        given = self.values.get(slot.name, ())
        at = len(given) - sum(name == slot.name and place > match.start for name, place in self.places)
        self.places += ((slot.name, match.start),)
        return (*given[:at], match.value, *given[at:])

    def take_loose(self, slot: Slot, match: Match) -> None:
        """Give a slot what may be its code."""
        self.take(slot, match)
        self.loose += ((slot.type.kind, match.start, match.end),)

    def wants(self, slot: Slot) -> bool:
        """Say whether a slot can take (another) match."""
        return slot.name not in self.values or slot.many


def fill(
    phrasing: Phrasing,
    sentence: Sentence,
    *,
    verb: Sequence[Span] = (),
    got: Mapping[str, Any] | None = None,
    shy: bool = False,
    mute: bool = False,
) -> Filling:
    """Return what `phrasing` makes of `sentence`; `verb`: where its own words stand, `got`: known before.

    `shy`: what is left over is no remark (something that is required was asked for, or it has a verb).
    `mute`: nor any other text, for what was asked for is not in it.
    """
    filling = Filling(phrasing, dict(got or {}), list(verb))
    for slot in phrasing.slots if got else ():
        _claim_again(filling, sentence, slot)
    for group in phrasing.marked:
        _fill_marked(filling, sentence, group)
    wanting = [slot for slot in phrasing.bare if slot.many or slot.name not in filling.values]
    for rank in RANKS:
        if not wanting:
            break
        wanting = _fill_ranked(filling, sentence, wanting, rank=rank)
    for word in phrasing.noise:
        _claim_noise(filling, sentence, word)
    if (
        phrasing.text
        and not mute
        and phrasing.text.name not in filling.values
        and not (_is_shy(phrasing.text) and (shy or _lacks(filling)))
    ):
        _fill_text(filling, sentence, phrasing.text, after=max((end for _, end in verb), default=0))
    filling.missing = [slot for slot in phrasing.required if slot.name not in filling.values]
    if not _is_nothing(_rest(filling.claimed, sentence.text)):
        gaps = _gaps(filling.claimed, len(sentence.text))
        filling.unclear = tuple(islice(_unclear(gaps, sentence.text), RIDDLES))
    return filling


def otherwise(phrasings: Sequence[Phrasing], sentence: Sentence, *, got: Mapping[str, Any]) -> Filling | None:
    """Return how one of these usages takes the whole of an answer, with all that is known; None if none does.

    Of free text it takes none: that would take anything. The one that lacks the least comes first.
    """
    fillings = (
        fill(phrasing, sentence, got=got, mute=True)
        for phrasing in phrasings
        if all(phrasing.slot(name) for name in got)
    )
    taking = (it for it in fillings if len(it.values) > len(got) and not it.unclear)
    return min(taking, key=lambda it: len(it.missing), default=None)


def _claim_again(filling: Filling, sentence: Sentence, slot: Slot) -> None:
    """Claim what an answer says again of what is known: it is neither a riddle nor another argument."""
    known = filling.values.get(slot.name)
    if known is None or slot.type.free:
        return
    for match in sentence.of(slot.type):
        if match.rank is EXACT and match.value in (known if slot.many else (known,)):
            filling.claimed.append((match.start, match.end))


def _fill_marked(filling: Filling, sentence: Sentence, group: MarkedSlots) -> None:
    """Give numbers and names to the slots whose mark stands before them, or else behind them."""
    claimed, text, backwards = filling.claimed, sentence.folded, sentence.backwards
    found = sentence.of(group.type) or sentence.guessed(group.type)
    matches = [match for match in found if not overlaps(claimed, match.start, match.end)]
    before = [group.before(backwards, match.start) for match in matches]
    after = [group.after(text, match.end) for match in matches]
    for at, match in enumerate(matches, 1):
        mark = before[at - 1]
        if mark is None or overlaps(claimed, mark.start, mark.end):
            rival = before[at] if at < len(before) else None
            leads = rival is not None and None in (after[at], after[-1]) and _is_less(matches[at], match)
            mark = _mark_behind(after[at - 1], rival, claimed, leads=leads)
        if mark and filling.wants(mark.slot):
            (filling.take_loose if match.rank is LOOSE else filling.take)(mark.slot, match)
            claimed.append((mark.start, mark.end))
            filling.marked = True


def _is_less(match: Match, other: Match) -> bool:
    """Say whether one number of pieces is less than another, as scrap is less than what was good."""
    return isinstance(match.value, Decimal) and bool(match.value < other.value)


def _mark_behind(
    after: Mark | None, rival: Mark | None, claimed: Sequence[Span], *, leads: bool
) -> Mark | None:
    """Return the mark behind a number (50良2废), unless it belongs to the next one.

    That is where it stands closer to it (「50 废2」), or as close (「50 废 2」) and `leads`: no mark
    stands behind that one, and it is less.
    """
    if after is None or overlaps(claimed, after.start, after.end):
        return None
    if rival is None or rival.start != after.start:
        return after
    theirs = rival.gap < after.gap or (leads and rival.gap == after.gap and not after.slot.required)
    return None if theirs else after


def _fill_ranked(filling: Filling, sentence: Sentence, slots: list[Slot], *, rank: Rank) -> list[Slot]:
    """Fill what can be filled at this rank; return the slots that still want something."""
    left, take = [], filling.take_loose if rank is LOOSE else filling.take
    for slot in slots:
        matches = sentence.of(slot.type)
        if rank:
            matches += sentence.guessed(slot.type)
        for match in matches:
            if match.rank is rank and not overlaps(filling.claimed, match.start, match.end):
                take(slot, match)
                if not slot.many:
                    break
        else:
            left.append(slot)
    return left


def _claim_noise(filling: Filling, sentence: Sentence, word: str) -> None:
    """Claim an optional word of the usage line ([的]进度): it is no riddle where it stands."""
    at = sentence.head.find(word)
    if at >= 0 and not overlaps(filling.claimed, at, at + len(word)):
        filling.claimed.append((at, at + len(word)))


def _is_shy(slot: Slot) -> bool:
    return getattr(slot.type, "shy", False)


def _lacks(filling: Filling) -> bool:
    return any(it.name not in filling.values for it in filling.phrasing.required)


def _fill_text(filling: Filling, sentence: Sentence, slot: Slot, *, after: int) -> None:
    """Free text is everything from the first to the last word left over, behind the verb if there is any."""
    gaps = [
        gap
        for gap in _gaps(filling.claimed, len(sentence.text))
        if not _is_nothing(sentence.text[slice(*gap)])
    ]
    behind = [gap for gap in gaps if gap[0] >= after]
    chosen = behind or gaps
    if not chosen:
        return
    filling.doubtful = after > 0 and not behind
    start, end = chosen[0][0], chosen[-1][1]
    said = sentence.raw[start:end].lstrip(" ,:;.-")
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


def _rest(claimed: list[Span], text: str) -> str:
    """Return what nothing has taken of the text, in one piece."""
    at, rest = 0, ""
    for start, end in sorted(claimed):
        if end > at:
            rest += text[at:start]
            at = end
    return rest + text[at:]


def _gaps(claimed: list[Span], length: int) -> list[Span]:
    at, gaps = 0, []
    for start, end in sorted(claimed):
        if start > at:
            gaps.append((at, start))
        at = max(at, end)
    if at < length:
        gaps.append((at, length))
    return gaps


def _is_nothing(text: str) -> bool:
    return not text or text.isspace() or _NOTHING.fullmatch(text) is not None


def _unclear(gaps: list[Span], text: str) -> Iterator[str]:
    for start, end in gaps:
        near = text[start : min(end, max(start, HEAD))]
        if end > HEAD and not _is_nothing(text[max(start, HEAD) : end]):
            near = f"{near}\n{text[max(start, HEAD) : end][:QUOTED]}"
        for piece in near.split("\n"):
            if not _is_nothing(piece):
                yield (readable(piece) or piece.strip())[:QUOTED]
