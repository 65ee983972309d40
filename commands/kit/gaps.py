"""A command that finds, before it changes anything, that something more must be asked."""

from collections.abc import Sequence

from commands.kit.dialogue import Ask, Filled, Suggest


class Unsettled(Exception):
    """Nothing is done yet: `asked` says what is asked first."""

    def asked(self, run: Filled) -> Ask | Suggest:
        """Return the question."""
        raise NotImplementedError


class Doubtful(Unsettled):
    """Something was said that the command has no place for: the sentence without it is suggested."""

    def __init__(self, sentence: str, *, unclear: Sequence[str]) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.unclear = tuple(unclear)

    def asked(self, run: Filled) -> Suggest:
        """Return the suggestion."""
        return Suggest(sentences=(self.sentence,), unclear=self.unclear, spec=run.spec)


class StillMissing(Unsettled):
    """An argument that the plant's rules demand was not given: it is asked for as any missing one is."""

    def __init__(self, slot: str, *, options: Sequence[str] = ()) -> None:
        super().__init__(slot)
        self.slot = slot
        self.options = tuple(options)

    def asked(self, run: Filled) -> Ask:
        """Return the question; the next message goes on from what is known."""
        slot = run.phrasing.slot(self.slot)
        assert slot is not None, self.slot  # noqa: S101 (a command names a slot of its own)
        return Ask(
            spec=run.spec, phrasing=run.phrasing, arguments=run.arguments, slot=slot, options=self.options
        )
