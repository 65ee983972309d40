"""From a message to what it means: pure, never raises, cheap on anything."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from commands.kit.dialogue import Ask, Cancelled, Confirm, NotUnderstood, Pending, Run, Suggest, Understood
from commands.kit.fill import Filling, Span, fill
from commands.kit.normal import fold, normalise
from commands.kit.phrases import Hit
from commands.kit.registry import Opening, Registry
from commands.kit.scans import lone_codes, windows
from commands.kit.sentence import HEAD, Sentence, is_han
from commands.kit.slots import covered
from commands.kit.spec import Phrasing, Slot, Spec
from commands.kit.vocabulary import Vocabulary

YES = frozenset("确认 确定 是 是的 好 好的 对 可以 行 ok yes y 确认执行".split())
NO = frozenset("取消 算了 不 不用 不用了 不要 不是 否 no n cancel 放弃".split())
VERBS = 8  # places of verbs that are tried in one message


def understand(
    registry: Registry,
    text: str,
    *,
    vocabulary: Vocabulary,
    now: datetime,
    pending: Pending | None = None,
    codes: Sequence[str] = (),
) -> Understood:
    """Return what `text` means to this plant; never raises, whatever the text.

    `now` is the plant's local time (aware). `pending` is the open question of this person in this chat; it ends
    with this message unless the result brings a new `row`. `codes` were decoded from pictures of the message.
    """
    plain = normalise(text)
    spoken = plain if not codes else "\n".join((plain, *(normalise(code) for code in codes))).strip()
    hearing = Hearing(registry, vocabulary, now)
    if pending and (answer := hearing.answer(pending, plain, spoken)):
        return answer
    if not spoken:
        return NotUnderstood(reason="empty")
    if fold(plain) in YES | NO and not registry.verbs.get(fold(plain)):
        return NotUnderstood(reason="nothing_pending", said=plain)
    return hearing.fresh(spoken) or hearing.scanned(text, codes) or hearing.guess(spoken)


@dataclass(frozen=True, eq=False)
class _Attempt:
    """One way to read a message: an opening, where its words stand, and what fills its slots."""

    opening: Opening
    start: int
    filling: Filling
    fronted: bool

    @property
    def cost(self) -> tuple[int, int, int, int]:
        """The lower the better: nothing left over, nothing missing, verb in front, longer verb."""
        missing = len(self.filling.missing)
        return len(self.filling.unclear), missing, self.start, -sum(map(len, self.opening.words)) - self._verb

    @property
    def _verb(self) -> int:
        first = self.filling.claimed[0]
        return first[1] - first[0]


@dataclass(frozen=True, eq=False)
class Hearing:
    """One message being understood with the plant's commands and words."""

    registry: Registry
    vocabulary: Vocabulary
    now: datetime

    def fresh(self, text: str) -> Understood | None:
        """Understand `text` as a new command; None where no verb stands in it."""
        sentence, hits = self._sentence(text)
        attempts = [attempt for hit in _plausible(hits, sentence) for attempt in _attempts(hit, sentence)]
        if not attempts:
            return None
        best = min(attempts, key=lambda attempt: attempt.cost)
        return self._decide(best.opening.spec, best.filling, fronted=best.fronted, text=text)

    def answer(self, pending: Pending, plain: str, spoken: str) -> Understood | None:
        """Understand a message that may answer an open question; None where it is something else."""
        spec = self.registry.by_name.get(pending.command)
        if spec is None or pending.phrasing >= len(spec.phrasings):
            return None
        if fold(plain) in NO:
            return Cancelled(spec=spec)
        phrasing = spec.phrasings[pending.phrasing]
        try:
            got = {
                name: slot.load(pending.got[name])
                for slot in phrasing.slots
                if (name := slot.name) in pending.got
            }
        except (ValueError, TypeError, ArithmeticError):
            return None  # the row is of another version
        if pending.kind == "confirm":
            confirmed = Run(spec=spec, phrasing=phrasing, arguments=got, confirmed=True)
            return confirmed if fold(plain) in YES else self.fresh(spoken) or Cancelled(spec=spec)
        asked = phrasing.slot(pending.slot)
        return self._continue(spec, phrasing, asked, got, spoken) if asked and spoken else None

    def _continue(
        self, spec: Spec, phrasing: Phrasing, asked: Slot, got: Mapping[str, Any], text: str
    ) -> Understood | None:
        sentence, hits = self._sentence(text)
        filling = fill(phrasing, sentence, got=got)
        answers = asked.name in filling.values and not filling.unclear
        if hits and self._is_command(text, sentence, hits, free=asked.type.free, answers=answers):
            return None
        return self._decide(spec, filling, fronted=True, text=text)

    def _is_command(
        self, text: str, sentence: Sentence, hits: Sequence[Hit[Opening]], *, free: bool, answers: bool
    ) -> bool:
        """Say whether a message with a verb is a command of its own rather than the answer that was asked for."""
        if answers and not free:
            return False
        result = self.fresh(text)
        if isinstance(result, Run | Confirm):
            typed = any(not slot.type.free for slot in result.phrasing.slots if slot.name in result.arguments)
            return typed or not free or any(hit.end - hit.start == len(sentence.text) for hit in hits)
        return isinstance(result, Ask) and not free

    def scanned(self, text: str, codes: Sequence[str]) -> Understood | None:
        """Understand a message of nothing but codes as a scan."""
        if self.registry.scan is None:
            return None
        found = lone_codes(text, codes, self.vocabulary)
        if not found:
            return None
        spec, phrasing = self.registry.scan
        slot = phrasing.slots[0]
        if not slot.many and len(found) > 1:
            return Suggest(sentences=found[:8], spec=spec)
        return Run(spec=spec, phrasing=phrasing, arguments={slot.name: found if slot.many else found[0]})

    def guess(self, text: str) -> Understood:
        """Say what could have been meant by a message without a known verb."""
        sentence, _ = self._sentence(text)
        heard = [self.fresh(f"{text[:start]} {verb} {text[end:]}".strip()) for start, end, verb in _misheard(
            self.registry, sentence.head)]  # fmt: skip
        whole = [one.sentence for one in heard if isinstance(one, Run | Confirm)]
        partial = [one.sentence for one in heard if isinstance(one, Ask)]
        if whole or partial:
            return Suggest(sentences=tuple(dict.fromkeys(whole or partial[:1]))[:3])
        found = tuple(dict.fromkeys((name.kind, name.name) for hit in sentence.names for name in hit.values))
        coded = ((kind, text[start:end].upper()) for kind, (start, end) in sentence.codes())
        return NotUnderstood(reason="unknown", said=text[:200], found=(*found, *coded)[:5])

    def _sentence(self, text: str) -> tuple[Sentence, list[Hit[Opening]]]:
        hits = self.registry.verbs.hits(fold(text[:HEAD]), limit=HEAD)
        spans = [(hit.start, hit.end) for hit in hits if hit.end - hit.start > 1]
        sentence = Sentence(
            text=text, vocabulary=self.vocabulary, now=self.now, verbs=spans, marks=self.registry.marks
        )
        return sentence, hits

    def _decide(self, spec: Spec, filling: Filling, *, fronted: bool, text: str) -> Understood:
        phrasing, arguments, unclear = filling.phrasing, filling.values, filling.unclear[:3]
        missing = filling.missing
        if missing and unclear:
            mended = self._mend(spec, filling, text)
            if mended:
                return Suggest(sentences=mended, unclear=unclear, spec=spec)
            if not fronted and not spec.reads:
                return NotUnderstood(reason="unknown", said=text[:200], near=spec)
        if missing:
            options = self._options(missing[0], text)
            return Ask(
                spec=spec,
                phrasing=phrasing,
                arguments=arguments,
                slot=missing[0],
                unclear=unclear,
                options=options,
            )
        if unclear and not spec.reads:
            return Suggest(sentences=(phrasing.sentence(arguments),), unclear=unclear, spec=spec)
        question = spec.confirm(arguments) if callable(spec.confirm) else spec.confirm
        if question:
            return Confirm(spec=spec, phrasing=phrasing, arguments=arguments, question=question)
        return Run(spec=spec, phrasing=phrasing, arguments=arguments)

    def _mend(self, spec: Spec, filling: Filling, text: str) -> tuple[str, ...]:
        """Return whole sentences in which a misspelt name is set right: 韩姐 -> 焊接."""
        sentences: dict[str, None] = {}
        for slot in filling.missing:
            for piece in filling.unclear[:3]:
                for name in self.vocabulary.sounding(slot.type.kind, piece):
                    values = {**filling.values, slot.name: (name,) if slot.many else name}
                    sentences[filling.phrasing.sentence(values)] = None
        return tuple(sentences)[:3]

    def _options(self, slot: Slot, text: str) -> tuple[str, ...]:
        """Return the codes that a short form in the message may mean, where there are several."""
        digits = [word for word in fold(text[:HEAD]).split() if word.isdigit()][:2]
        known = [code for short in digits for code in self.vocabulary.like(slot.type.kind, short)]
        return tuple(dict.fromkeys(known))[:8]


def _plausible(hits: Sequence[Hit[Opening]], sentence: Sentence) -> list[Hit[Opening]]:
    """Return the verbs that are no part of a longer verb or name (接 in 焊接), the first few of them."""
    spans: list[Span] = [(hit.start, hit.end) for hit in (*hits, *sentence.names)]
    return [hit for hit in hits if not covered(hit, spans) and _stands_alone(hit, sentence)][:VERBS]


def _stands_alone(hit: Hit[Opening], sentence: Sentence) -> bool:
    """A verb of one 汉字 must not be part of a word."""
    if hit.end - hit.start > 1 or not is_han(sentence.folded[hit.start]):
        return True
    return sentence.opens(hit.start) and sentence.closes(hit.end)


def _attempts(hit: Hit[Opening], sentence: Sentence) -> Iterator[_Attempt]:
    fronted = not any(is_han(char) for char in _unnamed(sentence, hit.start))
    for opening in hit.values:
        spans = _further(opening, sentence, hit)
        if spans is not None:
            filling = fill(opening.phrasing, sentence, verb=((hit.start, hit.end), *spans))
            yield _Attempt(opening, hit.start, filling, fronted)


def _unnamed(sentence: Sentence, end: int) -> str:
    """Return what stands before `end` and is no name of the plant."""
    text = list(sentence.folded[:end])
    for hit in sentence.names:
        text[hit.start : hit.end] = " " * (hit.end - hit.start)
    return "".join(text[:end])


def _further(opening: Opening, sentence: Sentence, hit: Hit[Opening]) -> list[Span] | None:
    """Return where the further words of a usage stand, or None if one is absent."""
    spans = []
    at = hit.end
    for word in opening.words:
        found = sentence.head.find(word, at)
        found = found if found >= 0 else sentence.head.find(word)
        if found < 0:
            return None
        at = found + len(word)
        spans.append((found, at))
    return spans


def _misheard(registry: Registry, head: str) -> Iterator[tuple[int, int, str]]:
    """Yield (start, end, verb) of words that sound like verbs, the best first."""
    found = [
        (score, start, end, verb)
        for start, end in windows(head)
        for verb, score in registry.sounds.close(head[start:end])
    ]
    for _, start, end, verb in sorted(found, key=lambda one: (-one[0], one[1], one[1] - one[2]))[:4]:
        yield start, end, verb
