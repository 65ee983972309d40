"""What senders of ISO 15434 labels mean by their identifiers, as data to which a plant adds its suppliers."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from domain.codes.identifiers import ATTRIBUTES, IDENTIFIERS


@dataclass(frozen=True, kw_only=True)
class Profile:
    """How one sender writes.

    `marks`: identifiers that all stand on its labels and tell it apart. `means`: identifier -> attribute of
    Code where it differs from the standard ("" = nothing we use). `order`: the order in which it prints,
    with which a label that has lost its separators may be cut (never without asking). `needed`: what such a
    label must have at least. `dates`: form of the date code by its length. `quantity_ends`: what follows
    the number in Q, if anything.
    """

    name: str
    marks: frozenset[str] = frozenset()
    means: Mapping[str, str] = field(default_factory=dict)
    order: tuple[str, ...] = ()
    needed: frozenset[str] = frozenset()
    dates: Mapping[int, str] = field(default_factory=lambda: {4: "YYWW"})
    quantity_ends: str = ""

    def __post_init__(self) -> None:
        """Refuse a wrong profile when it is made (ValueError), not when a label is read."""
        strange = (set(self.means.values()) - ATTRIBUTES) | (set(self.order) - IDENTIFIERS.keys())
        if strange:
            raise ValueError(f"profile {self.name}: unknown {sorted(strange)}")


EIGP114 = Profile(
    name="eigp114",
    order=(
        "P",
        "1P",
        "2P",
        "Q",
        "9D",
        "10D",
        "1T",
        "4L",
        "K",
        "4K",
        "11K",
        "3S",
        "4S",
        "5S",
        "S",
        "E",
        "13Q",
    ),
    needed=frozenset({"1P", "Q", "1T"}),
)

PROFILES: tuple[Profile, ...] = (
    Profile(
        name="digikey",
        marks=frozenset({"30P", "1K"}),
        order=(
            "P",
            "1P",
            "30P",
            "2P",
            "K",
            "1K",
            "10K",
            "9D",
            "1T",
            "11K",
            "4L",
            "Q",
            "11Z",
            "12Z",
            "13Z",
            "20Z",
        ),
        needed=frozenset({"1P", "Q", "1K"}),
    ),
    Profile(
        name="mouser",
        marks=frozenset({"14K", "1V", "11K"}),
        order=("K", "14K", "P", "1P", "Q", "9D", "11K", "4L", "1V"),
        needed=frozenset({"1P", "Q", "11K"}),
    ),
    Profile(name="farnell", marks=frozenset({"3P"})),
    Profile(
        name="ti",
        marks=frozenset({"31T", "20L"}),
        means={"31T": "lot", "1T": "", "V": ""},
        order=("1P", "6P", "2P", "Q", "V", "9D", "1T", "31T", "20L", "21L", "22L", "23L", "3Z", "E"),
        needed=frozenset({"1P", "Q", "31T"}),
    ),
    Profile(name="taiyo_yuden", marks=frozenset({"T", "11D"}), means={"T": "lot"}),
    Profile(
        name="uaes",
        marks=frozenset({"12S", "12V", "30P"}),
        means={"30P": "", "31P": "supplier_part", "12V": "supplier", "S": "package"},
        quantity_ends="NAR",
    ),
    EIGP114,
)
