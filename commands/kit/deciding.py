"""What is to be done with a phrasing and what filled it."""

import re
from collections.abc import Sequence

from commands.kit.dialogue import Ask, NotUnderstood, Suggest, Understood, complete
from commands.kit.fill import Filling
from commands.kit.normal import fold
from commands.kit.sentence import HEAD
from commands.kit.spec import Slot, Spec
from commands.kit.vocabulary import Vocabulary

PAST = re.compile(r"昨[天日晚夜]|前天|上个?(?:周|星期|礼拜|月)")
"""What was is another question than what is: 昨天到哪了 is not answered by where it stands now."""


def decide(vocabulary: Vocabulary, spec: Spec, filling: Filling, *, fronted: bool, text: str) -> Understood:
    """Return what is to be done with a filled phrasing: do it, ask, confirm, or offer what it could mean.

    `fronted`: nothing but names, codes and numbers stands before its verb.
    """
    phrasing, arguments, unclear = filling.phrasing, filling.values, filling.unclear[:3]
    missing = filling.missing
    if missing and unclear:
        mended = _mend(vocabulary, filling)
        if mended:
            return Suggest(sentences=mended, unclear=unclear, spec=spec)
        if not fronted and not spec.reads:
            return NotUnderstood(reason="unknown", said=text[:200], near=spec)
    if missing and filling.doubtful:
        return NotUnderstood(reason="unknown", said=text[:200], near=spec)
    if missing:
        options = _options(vocabulary, missing[0], text)
        return Ask(
            spec=spec,
            phrasing=phrasing,
            arguments=arguments,
            slot=missing[0],
            unclear=unclear,
            options=options,
        )
    if (unclear or filling.doubtful) and not (spec.reads and _is_by_the_way(vocabulary, unclear)):
        return Suggest(sentences=(phrasing.sentence(arguments),), unclear=unclear, spec=spec)
    return complete(spec, phrasing, arguments)


def _is_by_the_way(vocabulary: Vocabulary, unclear: Sequence[str]) -> bool:
    """Say whether a question may be answered without these words: not if they name a thing, or a past day."""
    forms = [form.regex for forms in vocabulary.forms.values() for form in forms]
    return not any(regex.search(fold(word)) for word in unclear for regex in (PAST, *forms))


def _mend(vocabulary: Vocabulary, filling: Filling) -> tuple[str, ...]:
    """Return whole sentences in which a misspelt name is set right: 韩姐 -> 焊接."""
    sentences: dict[str, None] = {}
    for slot in filling.missing:
        for piece in filling.unclear[:3]:
            for name in vocabulary.sounding(slot.type.kind, piece):
                values = {**filling.values, slot.name: (name,) if slot.many else name}
                sentences[filling.phrasing.sentence(values)] = None
    return tuple(sentences)[:3]


def _options(vocabulary: Vocabulary, slot: Slot, text: str) -> tuple[str, ...]:
    """Return the codes that a short form in the message may mean, where there are several."""
    digits = [word for word in fold(text[:HEAD]).split() if word.isdigit()][:2]
    known = [code for short in digits for code in vocabulary.like(slot.type.kind, short)]
    return tuple(dict.fromkeys(known))[:8]
