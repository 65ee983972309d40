"""Fault switches as data: what may go wrong at which door, how often; shared by both clouds."""

from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from random import Random
from typing import Any, Literal, get_args

AnswerFault = Literal[
    "slow",  # answers after `seconds`
    "hang",  # does not answer within `seconds` (0: as long as the caller waits)
    "reset",  # cuts the connection before anything has happened
    "html",  # answers an HTML page with `status`
    "status",  # answers HTTP `status` with the platform's error body (`code`, `text`)
    "errcode",  # answers HTTP 200 with an errcode (`code`) in the body
    "lost",  # accepts, does it, and cuts the connection before the answer
    "token",  # says that the access token is no longer valid
    "throttle",  # too fast: refuses everything at this door for `seconds`
    "refuse",  # says that the credentials are wrong
]
PushFault = Literal[
    "redeliver",  # pushes once more although acknowledged, with the same push id
    "redeliver_new",  # the same with a new push id
    "deaf",  # behaves as if no acknowledgement came (redelivery then follows its rule)
    "duplicate",  # pushes twice at once
    "reorder",  # holds this push back until the next one has gone out
    "late",  # pushes after `seconds`
    "drop",  # loses the push
    "garbage",  # sends a frame that is no JSON before the push
    "half_open",  # the socket goes silent: nothing is sent or read any more, TCP stays open
    "close",  # closes the socket cleanly with `code` (1000, 1001) instead of pushing
    "cut",  # resets the socket instead of pushing
]
FaultKind = AnswerFault | PushFault
ANSWER_FAULTS: tuple[FaultKind, ...] = get_args(AnswerFault)
PUSH_FAULTS: tuple[FaultKind, ...] = get_args(PushFault)


@dataclass(kw_only=True)
class Fault:
    """One switch. `door` is a pattern over door names (`dingtalk.*`, `*.open`, `dingtalk.push.robot`).

    It strikes `times` times (None: until cleared) after letting `skip` chances pass, each time with `chance`.
    """

    kind: FaultKind
    door: str = "*"
    times: int | None = None
    skip: int = 0
    chance: float = 1.0
    seconds: float = 0.0
    status: int = 503
    code: int | str = ""
    text: str = ""
    struck: int = field(default=0, init=False)

    def strikes(self, draw: float) -> bool:
        """Say whether it strikes now, and count it."""
        if self.times is not None and self.struck >= self.times:
            return False
        if self.skip > 0:
            self.skip -= 1
            return False
        if draw >= self.chance:
            return False
        self.struck += 1
        return True


class Faults:
    """The switchboard; the same seed draws the same lots."""

    def __init__(self, *, seed: int = 1) -> None:
        self.switched: list[Fault] = []
        self._random = Random(seed)  # noqa: S311 (lots, not secrets)

    def add(self, kind: FaultKind, door: str = "*", **options: Any) -> Fault:
        """Switch a fault on; keyword arguments are the fields of `Fault`."""
        if kind not in ANSWER_FAULTS + PUSH_FAULTS:
            raise ValueError(kind)
        fault = Fault(kind=kind, door=door, **options)
        self.switched.append(fault)
        return fault

    def remove(self, fault: Fault) -> None:
        """Switch one fault off."""
        if fault in self.switched:
            self.switched.remove(fault)

    def clear(self) -> None:
        """Switch everything off."""
        self.switched.clear()

    def take(self, door: str, *kinds: FaultKind) -> Fault | None:
        """Return the first fault that strikes at this door, one of `kinds` (none named: of any kind)."""
        for fault in self.switched:
            fits = fnmatchcase(door, fault.door) and (not kinds or fault.kind in kinds)
            if fits and fault.strikes(self._random.random()):
                return fault
        return None
