"""What a newcomer in this person's place would say now: ready sentences, by what the person may do."""

from decimal import Decimal

from domain.playbook import Playbook
from domain.playbook.master import BomItem, MasterData, OpeningLot, OpeningOrder, Product

FALLBACK = ("帮助",)
NEW_LOT = "LOT-7001"
A_FEW, A_REEL = Decimal(50), Decimal(5000)


def phrases(number: str, *, playbook: Playbook, master: MasterData) -> list[str]:
    """Return sentences for the person with this job number, the likeliest first."""
    try:
        may = playbook.permissions_of(number)
    except LookupError:
        may = frozenset()
    said = [text for permission, texts in _sentences(playbook, master) if permission in may for text in texts]
    return [*dict.fromkeys(said), *FALLBACK]


def _sentences(playbook: Playbook, master: MasterData) -> list[tuple[str, list[str]]]:
    """Return (permission, sentences) in the order of interest."""
    order = next((it for it in master.orders if it.state == "released"), None)
    draft = next((it for it in master.orders if it.state == "draft"), None)
    waiting = next((it for it in master.lots if it.state == "in_inspection"), None)
    return [
        ("work.report", _reports(playbook, master, order)),
        ("lot.receive", _receipts(master)),
        ("lot.inspect", [f"检验 {NEW_LOT} 合格", *([f"检验 {waiting.code} 合格"] if waiting else [])]),
        ("lot.issue", _issues(master)),
        ("order.release", [f"下达 {draft.code}"] if draft else []),
        ("andon.take", ["谁在等我"]),
        ("andon.raise", _calls(playbook, order)),
        ("order.view", [f"{order.code} 到哪了"] if order else []),
        ("order.pause", [f"暂停 {order.code} 等料", f"恢复 {order.code}"] if order else []),
        ("trace.view", [f"追溯 {lot.code}" for lot in master.lots[:1]]),
        ("digest.view", ["早会", "日报"]),
        ("order.view", ["今天还差什么"]),
    ]


def _reports(playbook: Playbook, master: MasterData, order: OpeningOrder | None) -> list[str]:
    product = _product(master, order)
    if order is None or product is None:
        return []
    first = playbook.operation(product.route.steps[0].operation).name
    return [f"报工 {order.code} {first} {A_FEW} 良 2 废"]


def _receipts(master: MasterData) -> list[str]:
    reel = next((lot for lot in master.lots if lot.quantity >= A_REEL), None)
    return [f"收料 {reel.material} {NEW_LOT} {A_REEL}"] if reel else []


def _issues(master: MasterData) -> list[str]:
    """A released lot to a released order whose product needs it; first of all the one just received."""
    found = []
    for order in (it for it in master.orders if it.state == "released"):
        product = _product(master, order)
        for item in product.bom.lines if product else ():
            lot = _lot_of(master, item)
            if lot is not None and lot.quantity >= A_REEL:
                found.append(f"发料 {NEW_LOT} {order.quantity} {order.code}")
            elif lot is not None:
                found.append(f"发料 {lot.code} {min(order.quantity, lot.quantity)} {order.code}")
    return sorted(dict.fromkeys(found), key=lambda text: NEW_LOT not in text)[:2]


def _calls(playbook: Playbook, order: OpeningOrder | None) -> list[str]:
    about = f" {order.code}" if order else ""
    first = [f"{kind.name}{about}" for kind in playbook.andon_kinds[:1]]
    return [*first, *(f"{kind.name} 机器报警" for kind in playbook.andon_kinds if kind.code == "equipment")]


def _product(master: MasterData, order: OpeningOrder | None) -> Product | None:
    return next((it for it in master.products if order and it.code == order.product), None)


def _lot_of(master: MasterData, item: BomItem) -> OpeningLot | None:
    return next((it for it in master.lots if it.material == item.material and it.state == "released"), None)
