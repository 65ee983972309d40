"""Labels as they are printed, and what must be read from them."""

from datetime import date
from decimal import Decimal

import pytest

from domain.codes import Ambiguous, Code, Kind, Plain, Profile, Source, Unreadable, read, read_lines, write
from domain.codes.profiles import PROFILES

GS, RS, EOT = "\x1d", "\x1e", "\x04"

DIGIKEY = (
    f"[)>{RS}06{GS}PQ1045-ND{GS}1P364019-01{GS}30PQ1045-ND{GS}K12432 TRAVIS FOSS P{GS}1K85732873"
    f"{GS}10K103332956{GS}9D2315{GS}1TQJ13P{GS}11K1{GS}4LTW{GS}Q3{GS}11ZPICK{GS}12Z7360988{GS}13Z999999"
    f"{GS}20Z0000000000000000000000{RS}{EOT}"
)
MOUSER = (
    f"[)>{RS}06{GS}K21421337{GS}14K033{GS}1PLDK320ADU33R{GS}Q32{GS}11K060931337{GS}4LCN{GS}1VSTMicro{RS}{EOT}"
)
REEL = f"[)>{RS}06{GS}P100-4711{GS}1PGRM188R71C104KA01D{GS}Q4000{GS}10D2613{GS}1T5W26A01277{GS}4LJP{RS}{EOT}"
UAES = "[)>@06@12S0001@PF01R00AB12@31PMPN-9@12V545698765@30PY@Q3000NAR000@1T2026ABC@14D20271231@@"
LCSC = "{pbn:PICK2009291337,on:SO2009291337,pc:C7063,pm:RC0402FR-0710KL,qty:40,mc:,cc:1,pdi:34421807}"


def code(text: str, **expected: object) -> Code:
    """Return the one certain reading of `text`, which must say at least what is expected."""
    reading = read(text)
    assert isinstance(reading, Code), reading
    assert {name: getattr(reading, name) for name in expected} == expected
    assert reading.raw == text
    return reading


def test_digikey_bag() -> None:
    code(
        DIGIKEY,
        kind=Kind.LOT,
        value="QJ13P",
        sender="digikey",
        supplier_part="364019-01",
        sku="Q1045-ND",
        material="",
        quantity=Decimal(3),
        country="TW",
        order="12432 TRAVIS FOSS P",
        packing_list="1",
        date_code="2315",
        made=date(2023, 4, 10),
        repaired=False,
    )


def test_mouser_bag_has_no_lot_and_is_a_part() -> None:
    code(
        MOUSER,
        kind=Kind.PART,
        value="LDK320ADU33R",
        supplier="STMicro",
        order="21421337",
        order_line="033",
        sender="mouser",
        quantity=Decimal(32),
    )


def test_maker_reel_after_eigp_114() -> None:
    code(
        REEL,
        kind=Kind.LOT,
        lot="5W26A01277",
        material="100-4711",
        quantity=Decimal(4000),
        made=date(2026, 3, 23),
        country="JP",
        sender="eigp114",
    )


def test_uaes_writes_at_signs_and_nar_and_means_rohs_by_30p() -> None:
    code(
        UAES,
        kind=Kind.LOT,
        lot="2026ABC",
        quantity=Decimal(3000),
        sku="",
        supplier_part="MPN-9",
        supplier="545698765",
        expires=date(2027, 12, 31),
        sender="uaes",
        repaired=True,
    )


def test_ti_names_its_lot_by_31t() -> None:
    label = f"[)>{RS}06{GS}1PSN74LS07NSR{GS}Q2000{GS}1T4567{GS}31T3555744SC1{GS}20LTAI{GS}4WTKY{RS}{EOT}"
    code(label, sender="ti", lot="3555744SC1", supplier_part="SN74LS07NSR")


def test_one_piece_with_a_serial_is_that_piece() -> None:
    code(f"[)>{RS}06{GS}1PPSU-5{GS}S00017{GS}Q1{RS}{EOT}", kind=Kind.SERIAL, value="00017")
    code(f"[)>{RS}06{GS}1PPSU-5{GS}S00017{GS}1TL9{GS}Q20{RS}{EOT}", kind=Kind.LOT, value="L9", serial="00017")


def test_gs1_inside_an_envelope_05() -> None:
    code(f"[)>{RS}05{GS}0107032069804988{GS}10AB-1{RS}{EOT}", source=Source.LABEL, kind=Kind.LOT, lot="AB-1")


@pytest.mark.parametrize(
    ("gs", "rs", "eot"),
    [
        ("␝", "␞", "␄"),
        ("\uf70b", "\uf70c", ""),
        ("{GS}", "{RS}", "{EOT}"),
        ("<gs>", "<rs>", "<eot>"),
        ("[GS]", "[RS]", "[EOT]"),
        ("^]", "^^", "^D"),
        ("_x001D_", "_x001E_", "_x0004_"),
        (r"\x1d", r"\x1e", r"\x04"),
        ("&#29;", "&#30;", "&#4;"),
        (GS, "", ""),
        ("|", "|", "|"),
        ("@", "@", "@"),
        ("^", "^", "^"),
        ("]", "]", "]"),
        ("#", "#", ""),
        ("~", "~", "~"),
        (" ", " ", " "),
    ],
)
def test_damaged_separators_of_a_reel_label_are_repaired(gs: str, rs: str, eot: str) -> None:
    whole = read(REEL)
    assert isinstance(whole, Code)
    damaged = REEL.replace(GS, gs).replace(RS, rs).replace(EOT, eot)
    got = code(damaged, repaired=True)
    assert got.fields == whole.fields
    assert (got.lot, got.quantity, got.made) == (whole.lot, whole.quantity, whole.made)


@pytest.mark.parametrize("damaged", [">" + REEL, REEL.swapcase(), REEL + "\r\n", "\u200b" + REEL])
def test_other_damage_of_a_reel_label_is_repaired(damaged: str) -> None:
    code(damaged, lot="5W26A01277", supplier_part="GRM188R71C104KA01D")


def test_blanks_inside_values_make_blanks_as_separators_a_question() -> None:
    reading = read(DIGIKEY.replace(GS, " ").replace(RS, " ").replace(EOT, ""))
    assert isinstance(reading, Ambiguous)
    best = reading.candidates[0]
    assert (best.order, best.lot, best.quantity) == ("12432 TRAVIS FOSS P", "QJ13P", Decimal(3))
    assert isinstance(read("[)> 06 1PRES K10 Q100"), Ambiguous)


@pytest.mark.parametrize("label", [REEL, MOUSER])
def test_lost_separators_are_never_certain_but_the_right_cut_is_offered(label: str) -> None:
    whole = read(label)
    reading = read(label.replace(GS, "").replace(RS, "").replace(EOT, ""))
    assert isinstance(whole, Code)
    assert isinstance(reading, Ambiguous)
    assert whole.fields in [candidate.fields for candidate in reading.candidates]


def test_a_plants_own_profile_goes_first() -> None:
    own = Profile(
        name="ours", marks=frozenset({"30P"}), means={"30P": "material", "P": ""}, quantity_ends="PCS"
    )
    reading = read(f"[)>{RS}06{GS}PX{GS}30PM-1{GS}Q12PCS{GS}1TL{RS}{EOT}", profiles=(own, *PROFILES))
    assert isinstance(reading, Code)
    assert (reading.material, reading.quantity, reading.sender) == ("M-1", Decimal(12), "ours")
    with pytest.raises(ValueError, match="profile bad"):
        Profile(name="bad", means={"P": "colour"})


@pytest.mark.parametrize(
    "text",
    [
        f"]C10107032069804988{'17'}27123110LOT-7{GS}21SN9",
        f"]d20107032069804988{'17'}27123110LOT-7{GS}21SN9",
        f"{GS}01070320698049881727123110LOT-7{GS}21SN9",
        f"01070320698049881727123110LOT-7{GS}21SN9",
        "01070320698049881727123110LOT-7␝21SN9",
        "01070320698049881727123110LOT-7{GS}21SN9",
        "01070320698049881727123110LOT-7^]21SN9",
        "01070320698049881727123110LOT-7|21SN9",
        "01070320698049881727123110LOT-7 21SN9",
        "{FNC1}01070320698049881727123110LOT-7{FNC1}21SN9",
        "(01)07032069804988(17)271231(10)LOT-7(21)SN9",
        "（01）07032069804988（17）271231（10）LOT-7（21）SN9",
        "(01) 07032069804988 (17) 271231 (10) LOT-7 (21) SN9",
    ],
)
def test_gs1_in_all_its_spellings(text: str) -> None:
    code(
        text,
        source=Source.GS1,
        kind=Kind.SERIAL,
        value="SN9",
        lot="LOT-7",
        gtin="07032069804988",
        expires=date(2027, 12, 31),
        repaired=GS not in text and "(" not in text and "（" not in text,
    )


def test_gs1_other_kinds() -> None:
    code("]C100106141412345678908", kind=Kind.CONTAINER, value="106141412345678908")
    code("0107032069804988", kind=Kind.PART, gtin="07032069804988")
    code("]C1010703206980498830250", quantity=Decimal(250), unit="pcs")
    code("]C101070320698049883103001250", quantity=Decimal("1.250"), unit="kg")
    code("(10)L-1(241)4711(400)PO-9", kind=Kind.LOT, material="4711", order="PO-9")


def test_gs1_without_separator_asks_where_a_lot_may_have_swallowed_a_serial() -> None:
    reading = read("010703206980498810ABC2177XYZ")
    assert isinstance(reading, Ambiguous)
    assert {(c.lot, c.serial) for c in reading.candidates} == {("ABC2177XYZ", ""), ("ABC", "77XYZ")}
    code("010703206980498810ABC-77", lot="ABC-77", repaired=False)
    code("010703206980498810ABCDEFGHIJKLMN21XYZUVWX", lot="ABCDEFGHIJKLMN", serial="XYZUVWX", repaired=True)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("(01)07032069804989(10)A", "check"),
        ("(10)12345(11)", "fields"),
        ("(10)A(10)B", "check"),
        ("(9999)A", "fields"),
        ("]C10107032069804989", "check"),
        ("]C1ABC", "fields"),
        ("]C1" + "9" * 600, "too_long"),
        ("https://id.gs1.org/01/07032069804989", "check"),
        ("[)>\x1e12\x1dSUP", "format"),
        ("[)>", "format"),
        ("[)>\x1e06\x1d\x1e\x04", "fields"),
        ("", "empty"),
        (" \r\n\u200b", "empty"),
        ("x" * 5000, "too_long"),
        ("x" * 200, "too_long"),
        ("ab\x07cd", "not_text"),
        ("{pbn:PICK1,pc:nonsense}", "fields"),
        ("BZ1:WO:WO-1001*00", "check"),
        ("BZ2:WO:WO-1001*00", "version"),
        ("BZ1:XX:WO-1001", "fields"),
    ],
)
def test_broken_codes_are_named(text: str, reason: str) -> None:
    reading = read(text)
    assert isinstance(reading, Unreadable), reading
    assert reading.reason == reason
    assert reading.raw == text


def test_digital_link() -> None:
    code(
        "https://id.gs1.org/01/07032069804988/10/LOT%2F7/21/SN9?17=271231",
        source=Source.DIGITAL_LINK,
        kind=Kind.SERIAL,
        lot="LOT/7",
        expires=date(2027, 12, 31),
    )
    assert isinstance(read("https://example.com/index.html"), Plain)


def test_lcsc() -> None:
    code(
        LCSC,
        kind=Kind.PART,
        sku="C7063",
        supplier_part="RC0402FR-0710KL",
        quantity=Decimal(40),
        repaired=False,
    )
    code(LCSC.translate(str.maketrans("{},:", "｛｝，：")), sku="C7063", quantity=Decimal(40), repaired=True)
    code(LCSC.strip("{}"), sku="C7063", repaired=True)
    code("{pbn:P1,pc:C1,pm:A,B-2,qty:7}", supplier_part="A,B-2", quantity=Decimal(7))


@pytest.mark.parametrize(
    "text", ["L2611-07", "SN 0007", "WO-1001", "批次 26-11", "6901234567892", "Q5000", "10ABC"]
)
def test_everything_else_is_left_as_it_is(text: str) -> None:
    assert read(f" {text}\r\n") == Plain(text=text, raw=f" {text}\r\n")


def test_a_pasted_list_keeps_its_order_and_its_separators() -> None:
    readings = read_lines(f"SN1\r\n\r\n{REEL}\n{LCSC}\nnon\x07sense\n")
    assert [type(reading) for reading in readings] == [Plain, Code, Code, Unreadable]
    assert len(read_lines("A\n" * 600)) == 500


def test_own_codes_are_readable_by_eye() -> None:
    assert write(Kind.ORDER, "WO-1001") == "BZ1:WO:WO-1001*19"
    assert (
        write(Kind.LOT, "L:1", material="M-1", quantity=Decimal("2.50"), unit="卷")
        == "BZ1:LT:L%3A1:M-1::2.5:卷*5R"
    )
