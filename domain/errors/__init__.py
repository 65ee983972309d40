"""Refusals of the shop floor: classes with a code and data, no sentences; a file a topic.

The sentence of each code stands in `notifier/refusals/`; its placeholders equal the fields here (house test).
Anything that is not a `DomainError` is a bug and gets an incident number.
"""

from domain.errors.base import (
    AlreadyThere,
    DomainError,
    NotFound,
    NotPermitted,
    NotYourOwn,
    PressedAlready,
    QuestionGone,
    Stale,
    WrongState,
)
from domain.errors.floor import (
    AlreadySignedOn,
    EquipmentElsewhere,
    MissingEquipment,
    NotCertified,
    NotSignedOn,
    SignOnFirst,
    WrongStation,
)
from domain.errors.lots import (
    CannotIssue,
    Held,
    LotExpired,
    LotShort,
    SeveralLots,
    UnitMismatch,
)
from domain.errors.orders import (
    CannotReport,
    NoRoute,
    NothingToReport,
    NotOnBom,
    OverReport,
    UnfinishedOrder,
)
from domain.errors.people import (
    AlreadyBound,
    EmptyDirectory,
    HasLeft,
    NobodyToAsk,
    UnknownPerson,
)
from domain.errors.undoing import (
    CannotUndo,
    NothingToUndo,
    StoodUpon,
    UndoneLast,
    UndoTooLate,
)

__all__ = [
    "AlreadyBound",
    "AlreadySignedOn",
    "AlreadyThere",
    "CannotIssue",
    "CannotReport",
    "CannotUndo",
    "DomainError",
    "EmptyDirectory",
    "EquipmentElsewhere",
    "HasLeft",
    "Held",
    "LotExpired",
    "LotShort",
    "MissingEquipment",
    "NoRoute",
    "NobodyToAsk",
    "NotCertified",
    "NotFound",
    "NotOnBom",
    "NotPermitted",
    "NotSignedOn",
    "NotYourOwn",
    "NothingToReport",
    "NothingToUndo",
    "OverReport",
    "PressedAlready",
    "QuestionGone",
    "SeveralLots",
    "SignOnFirst",
    "Stale",
    "StoodUpon",
    "UndoTooLate",
    "UndoneLast",
    "UnfinishedOrder",
    "UnitMismatch",
    "UnknownPerson",
    "WrongState",
    "WrongStation",
]
