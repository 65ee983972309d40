"""One message on its way to be understood: its text, what was found in it, and where numbers may stand."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, Any

from commands.kit.mentions import Mention
from commands.kit.normal import fold
from commands.kit.phrases import Hit
from commands.kit.vocabulary import Name, Vocabulary

if TYPE_CHECKING:
    from commands.kit.slots import Match, SlotType

HEAD = 400  # characters in which verbs, names, codes and numbers are looked for; the rest is free text
Span = tuple[int, int]
MOST = 64  # things of one type that one message may hold


class Sentence:
    """Normalised text with what was found in it; finds each thing once however many commands ask.

    `verbs`: words of commands; `marks`: words that mark a slot (良, 废); `now`: local time.
    `atoms` are codes decoded from pictures, behind the first `said` characters: whole codes, never words.
    `folded` is the text in lower case, place by place the same; `head` is where typed things are looked for.
    `mentioned` are others who are mentioned, of whom `raw` has the names and every other text blanks.
    """

    __slots__ = (
        "_backwards", "_codes", "_edges", "_found", "_guessed", "_names",
        "atoms", "folded", "head", "marks", "mentioned", "now", "raw", "said", "text", "verbs", "vocabulary",
    )  # fmt: skip

    def __init__(
        self,
        text: str,
        *,
        vocabulary: Vocabulary,
        now: datetime,
        verbs: Sequence[Hit[Any]] = (),
        marks: tuple[str, ...] = (),
        said: int = HEAD,
        atoms: Sequence[Span] = (),
        folded: str = "",
    ) -> None:
        self.text, self.vocabulary, self.now = text, vocabulary, now
        self.verbs, self.marks, self.said, self.atoms = verbs, marks, said, atoms
        self.mentioned: Sequence[Mention] = ()
        self.raw = text
        self.folded = folded or fold(text)
        self.head = self.folded[: min(HEAD, said)]
        self._found: dict[int, tuple[Match, ...]] = {}
        self._guessed: dict[int, tuple[Match, ...]] = {}
        self._names: Sequence[Hit[Name]] | None = None
        self._edges: frozenset[int] | None = None
        self._codes: Mapping[str, Sequence[Span]] | None = None
        self._backwards = ""

    def name_others(self, mentioned: Sequence[Mention], *, raw: str) -> None:
        """Say who is mentioned where the text has blanks, and how it was before."""
        self.mentioned, self.raw = mentioned, raw

    @property
    def names(self) -> Sequence[Hit[Name]]:
        """The plant's names in the head."""
        if self._names is None:
            self._names = self.vocabulary.names_in(self.head, limit=HEAD)
        return self._names

    @property
    def backwards(self) -> str:
        """The folded text from its end: what stands before a place is found like what stands behind it."""
        if not self._backwards:
            self._backwards = self.folded[::-1]
        return self._backwards

    @property
    def edges(self) -> frozenset[int]:
        """Positions between words: where a verb or a name begins or ends."""
        if self._edges is None:
            verbs = ((start, end) for start, end, _ in self.verbs if end - start > 1)
            names = ((start, end) for start, end, _ in self.names)
            self._edges = frozenset(edge for span in (*verbs, *names) for edge in span)
        return self._edges

    def of(self, slot_type: "SlotType") -> "tuple[Match, ...]":
        """Return the first matches of `slot_type`, found once (types live as long as their commands)."""
        found = self._found.get(id(slot_type))
        if found is None:
            found = self._found[id(slot_type)] = tuple(islice(slot_type.matches(self), MOST))
        return found

    def guessed(self, slot_type: "SlotType") -> "tuple[Match, ...]":
        """Return the first guesses of `slot_type`, found once."""
        found = self._guessed.get(id(slot_type))
        if found is None:
            found = self._guessed[id(slot_type)] = tuple(islice(slot_type.guesses(self), MOST))
        return found

    def opens(self, position: int, *, after: tuple[str, ...] = ()) -> bool:
        """Say whether a Chinese word or numeral may begin here, being no tail of another word."""
        if position == 0 or not is_han(self.folded[position - 1]) or position in self.edges:
            return True
        text = self.folded
        return text.endswith(self.marks, 0, position) or text.endswith(after, 0, position)

    def closes(self, position: int, *, before: tuple[str, ...] = ()) -> bool:
        """Say whether a word or numeral may end here, being no head of another word."""
        if position >= len(self.folded) or not is_han(self.folded[position]) or position in self.edges:
            return True
        text = self.folded
        return text.startswith(self.marks, position) or text.startswith(before, position)

    def is_within_name(self, position: int) -> bool:
        """Say whether a name goes on over this place: the 包 of 包装 is no unit."""
        goes_on = position < len(self.head) and is_han(self.head[position])
        return goes_on and any(start < position < end for start, end, _ in self.names)

    def coded(self, *, but: str) -> list[tuple[int, int]]:
        """Return where codes of a form other than kind `but` stand: no loose match may take them."""
        return [span for kind, spans in self._coded.items() if kind != but for span in spans]

    def codes(self) -> list[tuple[str, tuple[int, int]]]:
        """Return every code of a known form with its kind and place."""
        return [(kind, span) for kind, spans in self._coded.items() for span in spans]

    @property
    def _coded(self) -> Mapping[str, Sequence[Span]]:
        if self._codes is None:
            self._codes = {
                kind: [found.span() for form in forms for found in islice(form.find(self.head), MOST)]
                for kind, forms in self.vocabulary.forms.items()
            }
        return self._codes


def is_han(char: str) -> bool:
    """Say whether `char` is a 汉字 (the common blocks)."""
    return "\u3400" <= char <= "\u9fff"


def overlaps(spans: Sequence[tuple[int, int]], start: int, end: int) -> bool:
    """Say whether `start`–`end` touches any of `spans`."""
    for begin, until in spans:  # noqa: SIM110 (any() costs twice as much here)
        if start < until and begin < end:
            return True
    return False
