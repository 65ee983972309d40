"""The garbage collector of a process that has started: what will stay is not looked through again."""

import gc
from typing import Final

YOUNG: Final = 20_000  # objects between two looks at the youngest; Python's 700 is two thirds of one command


def settle() -> None:
    """Take everything made so far out of the collector's sight; call once, when a process is ready.

    Playbook, vocabulary and mappings are some 400,000 objects that never go; every full collection reads them
    all, in the middle of somebody's command: 15 % of the processor's time, and the longest waits.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG)
