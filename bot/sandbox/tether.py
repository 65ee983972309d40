"""Starts a program in this process's place, with settings of its own, that dies when its parent dies.

`python -m bot.sandbox.tether PARENT [NAME=VALUE ...] -- PROGRAM [ARGUMENT ...]`; PARENT is the parent's
process id. A killed demo leaves no bot behind: Linux kills it (prctl(2), PR_SET_PDEATHSIG, kept over exec).
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def main(arguments: list[str]) -> None:
    """Become the program."""
    parent, *rest = arguments
    cut = rest.index("--")
    for setting in rest[:cut]:
        name, _, value = setting.partition("=")
        os.putenv(name, value)
    die_with(int(parent))
    program = rest[cut + 1 :]
    os.execvp(program[0], program)  # noqa: S606 (no shell: the demo's own command line)


def die_with(parent: int) -> None:
    """Die when the parent dies, also if it has died already."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        sys.exit("the demo is gone")


if __name__ == "__main__":
    main(sys.argv[1:])
