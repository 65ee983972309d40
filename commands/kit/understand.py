"""From a message to what it means: pure, never raises, cheap on anything."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from commands.kit.asking import ASKING, is_in_words, question_at
from commands.kit.attempts import best_of
from commands.kit.courtesies import BARE, HEARD, NO, YES
from commands.kit.deciding import decide
from commands.kit.dialogue import (
    Ask,
    Cancelled,
    Confirm,
    Filled,
    NotUnderstood,
    Pending,
    Run,
    Suggest,
    Understood,
)
from commands.kit.fill import Filling, fill, otherwise
from commands.kit.mentions import blanked, mentions
from commands.kit.misheard import misheard
from commands.kit.normal import fold, normalise
from commands.kit.phrases import Hit
from commands.kit.ranges import LIKE, runs_in, shortened, widened
from commands.kit.registry import Opening, Registry
from commands.kit.scans import UNREAD, lone_codes, pasted
from commands.kit.sentence import HEAD, Sentence
from commands.kit.spec import Phrasing, Slot, Spec
from commands.kit.unsaid import Unsaid, unsaid
from commands.kit.vocabulary import Vocabulary

ATOMS = 32  # codes of pictures that may fill slots of a command; a scan takes them all
LINES = 8  # lines of one message that may each be a command


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

    `now` is the plant's local time (aware). `pending` is the open question of this person in this chat; it
    ends with this message unless the result brings a new `row`. `codes` were decoded from its pictures.
    """
    plain = normalise(text)
    hearing = Hearing(registry, vocabulary, now, tuple(codes))
    if LIKE.search(plain) and (runs := runs_in(plain, vocabulary)):
        short = shortened(plain, runs)
        if long := widened(hearing.meaning(short, short, pending), runs):
            return long
    return hearing.meaning(text, plain, pending)


@dataclass(eq=False, slots=True)
class Hearing:
    """One message being understood with the plant's commands and words."""

    registry: Registry
    vocabulary: Vocabulary
    now: datetime
    codes: tuple[str, ...] = ()

    def meaning(self, text: str, plain: str, pending: Pending | None) -> Understood:
        """Understand a message, as an answer if it is one; `plain` is the normalised `text`."""
        if pending and (answer := self.answer(pending, plain)):
            return answer
        bare = self.bare(plain)
        if not bare and not self.codes:
            return NotUnderstood(reason="empty")
        if fold(bare).rstrip(" .!?~") in HEARD and not self.codes:
            return NotUnderstood(reason="heard", said=bare)
        if bare in BARE and not self.registry.verbs.get(bare):
            return NotUnderstood(reason="nothing_pending", said=bare)
        return self.fresh(plain) or self.scanned(text, plain) or self.likely(plain) or self.guess(plain)

    def bare(self, text: str) -> str:
        """Return what is said besides the names of others."""
        others = mentions(text, self.vocabulary)
        return (blanked(text, others) if others else text).strip()

    def fresh(self, text: str) -> Understood | None:
        """Understand `text` as a new command; None where no verb stands in it.

        Of many codes that are pasted behind it the first is understood, and stands for all of them.
        """
        head, many = pasted(text, self.vocabulary) if len(text) > HEAD // 2 else (text, ())
        if not many:
            return self._fresh(text)
        if not head:
            return None
        one = Hearing(self.registry, self.vocabulary, self.now, (many[0],))
        return _with_all(one._fresh(head), many)

    def _fresh(self, text: str) -> Understood | None:
        sentence, hits = self._sentence(text)
        best = best_of(hits, sentence)
        if best is None or best.filling.unclear or best.filling.missing or best.filling.doubtful:
            if best and best.filling.unclear and (each := self._lines(text)):
                return Suggest(sentences=each)
            quiet = unsaid(self.registry, sentence)
            if quiet and quiet.sure:
                return self._decided(quiet.spec, quiet.filling, text, fronted=True)
        return self._decided(best.opening.spec, best.filling, text, fronted=best.fronted) if best else None

    def _decided(self, spec: Spec, filling: Filling, text: str, *, fronted: bool) -> Understood:
        meant = decide(self.vocabulary, spec, filling, fronted=fronted, text=text)
        return self._unless_asked(meant, filling, text) if text.endswith(ASKING) else meant

    def _unless_asked(self, meant: Understood, filling: Filling, text: str) -> Understood:
        """Show the thing, or offer the act, where the words of an act ask about it: 冻结了吗."""
        at = question_at(text)
        spec = meant.spec if isinstance(meant, Run | Confirm | Ask | Suggest) else None
        if at is None or spec is None or spec.reads or is_in_words(filling.claimed, text, at):
            return meant
        if self.registry.look:
            look = fill(self.registry.look.phrasings[0], self._sentence(text[:at])[0])
            if not look.missing:
                return Run(spec=self.registry.look, phrasing=look.phrasing, arguments=look.values)
        return (
            Suggest(sentences=(meant.sentence,), spec=meant.spec)
            if isinstance(meant, Run | Confirm)
            else meant
        )

    def likely(self, text: str) -> Understood | None:
        """Offer what a sentence could mean whose verb is left out."""
        found = unsaid(self.registry, self._sentence(text)[0])
        if found is None or found.sure or question_at(text) is not None:
            return None
        return Suggest(sentences=(_in_full(found),), spec=found.spec)

    def _lines(self, text: str) -> tuple[str, ...]:
        """Return one sentence for each line where every line is a command of its own; else nothing."""
        lines = text.split("\n")
        if not 1 < len(lines) <= LINES:
            return ()
        each = [self.fresh(line) for line in lines]
        return tuple(one.sentence for one in each if isinstance(one, Run | Confirm)) if all(
            isinstance(one, Run | Confirm) for one in each) else ()  # fmt: skip

    def answer(self, pending: Pending, plain: str) -> Understood | None:
        """Understand a message that may answer an open question; None where it is something else."""
        spec = self.registry.by_name.get(pending.command)
        if pending.kind == "suggest":  # a yes to it is the press of its button, which the shell makes of it
            return Cancelled(spec=spec) if fold(self.bare(plain)).rstrip(" .!~") in NO else None
        if spec is None or pending.phrasing >= len(spec.phrasings):
            return None
        bare = fold(self.bare(plain))
        if bare in NO:
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
            return confirmed if bare in YES else self.fresh(plain) or Cancelled(spec=spec)
        asked = phrasing.slot(pending.slot)
        return self._continue(spec, phrasing, asked, got, plain) if asked and (plain or self.codes) else None

    def _continue(
        self, spec: Spec, phrasing: Phrasing, asked: Slot, got: Mapping[str, Any], text: str
    ) -> Understood | None:
        sentence, hits = self._sentence(text)
        filling = fill(phrasing, sentence, got=got, shy=asked.required or bool(hits))
        lacks = asked.required and asked.name not in filling.values
        if lacks and isinstance(self.fresh(text), Run | Confirm):
            return None
        if lacks or filling.unclear:
            in_full = otherwise(spec.phrasings, sentence, got=got)
            filling = in_full or (fill(phrasing, sentence, got=got, mute=True) if lacks else filling)
        answers = asked.name in filling.values and not filling.unclear
        if hits and self._is_command(text, sentence, hits, free=asked.type.free, answers=answers):
            return None
        if asked.name in filling.values and filling.unclear and self._is_misspelt(text):
            return None
        return decide(self.vocabulary, spec, filling, fronted=True, text=text)

    def _is_command(
        self, text: str, sentence: Sentence, hits: Sequence[Hit[Opening]], *, free: bool, answers: bool
    ) -> bool:
        """Say whether a message with a verb is a command of its own rather than the answer asked for."""
        if answers and not free:
            return False
        result = self.fresh(text)
        if isinstance(result, Run | Confirm):
            typed = any(not slot.type.free for slot in result.phrasing.slots if slot.name in result.arguments)
            return typed or not free or any(hit.end - hit.start == sentence.said for hit in hits)
        return isinstance(result, Ask) and not free

    def _is_misspelt(self, text: str) -> bool:
        """Say whether a message that answers, and says more besides, is rather a misspelt command: 保工 …"""
        return isinstance(self.guess(text), Suggest)

    def scanned(self, text: str, plain: str) -> Understood | None:
        """Understand a message of nothing but codes as a scan."""
        bare = self.bare(plain)
        if self.registry.scan is None or not (bare.isascii() or bare.count("\n") >= UNREAD):
            return None
        found = lone_codes(text if bare == plain else bare, self.codes, self.vocabulary)
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
        meant = [
            self.fresh(f"{text[:start]} {verb} {text[end:]}".strip())
            for start, end, verb in misheard(self.registry, sentence)
        ]
        found = tuple(self._seen(sentence))
        heard = [one for one in meant if not found or (isinstance(one, Filled) and one.arguments)]
        whole = [one.sentence for one in heard if isinstance(one, Run | Confirm)]
        partial = [one.sentence for one in heard if isinstance(one, Ask)]
        if whole or partial:
            return Suggest(sentences=tuple(dict.fromkeys(whole or partial[:1]))[:3])
        return NotUnderstood(reason="unknown", said=text[:200], found=found[:5])

    def _seen(self, sentence: Sentence) -> Iterator[tuple[str, str]]:
        """Yield what was recognised in a riddle: codes before names, and what only looks like a code."""
        coded = [(kind, sentence.text[start:end].upper()) for kind, (start, end) in sentence.codes()]
        named = dict.fromkeys((name.kind, name.name) for hit in sentence.names for name in hit.values)
        yield from (*coded, *named)
        if not (coded or named) and self.registry.look:
            look = fill(self.registry.look.phrasings[0], sentence)
            yield from ((self._kind(str(value)), str(value)) for value in look.values.values())

    def _kind(self, code: str) -> str:
        forms = self.vocabulary.forms
        return next(
            (kind for kind in forms if any(it.regex.fullmatch(fold(code)) for it in forms[kind])), "code"
        )

    def _sentence(self, text: str) -> tuple[Sentence, list[Hit[Opening]]]:
        others, raw = mentions(text, self.vocabulary), text
        if others:
            text = blanked(text, others)
        folded = fold(text)
        hits = self.registry.verbs.hits(folded, limit=HEAD)
        said, atoms = len(text), []
        for code in self.codes[:ATOMS]:
            atoms.append((len(text) + 1, len(text) + 1 + len(code)))
            text, raw = f"{text}\n{code}", f"{raw}\n{code}"
        sentence = Sentence(
            text, vocabulary=self.vocabulary, now=self.now, verbs=hits, marks=self.registry.marks,
            said=said, atoms=atoms, folded="" if atoms else folded,
        )  # fmt: skip
        if others:
            sentence.name_others(others, raw=raw)
        return sentence, hits


def _with_all(understood: Understood | None, many: Sequence[str]) -> Understood | None:
    """Return the sentence with all the codes in place of the first; what takes only one asks for one."""
    if not isinstance(understood, Run | Confirm | Ask):
        return understood
    arguments = dict(understood.arguments)
    for slot in understood.phrasing.slots:
        given = arguments.get(slot.name)
        if slot.many and given and many[0] in given:
            arguments[slot.name] = (*(it for it in given if it != many[0]), *many)
    return replace(understood, arguments=arguments)


def _in_full(found: Unsaid) -> str:
    """Return the sentence with its verb, where the command can say all of it."""
    first, values = found.spec.phrasings[0], found.filling.values
    full = first if all(first.slot(name) for name in values) else found.filling.phrasing
    return full.sentence(values)
