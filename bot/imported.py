"""What an import came to, in sentences for the terminal."""

from collections.abc import Iterator

from domain.actions.importing import Imported
from notifier.text import _, listed


def told(done: Imported) -> Iterator[str]:
    """Yield what was made new, what was the same already, and which columns nobody used."""
    kind = {"routes": _("工艺路线"), "boms": "BOM"}.get(done["kind"], "")
    for product, version in done["versions"].items():
        said = _("{product} {kind}：现在是第 {version} 版，从下一张下达的工单起用")
        yield said.format(product=product, kind=kind, version=version)
    if done["added"]:
        yield _("新的物料：{codes}").format(codes=listed(done["added"]))
    if done["unchanged"]:
        yield _("和现在一样、没有动的：{codes}").format(codes=listed(done["unchanged"]))
    if done["unused"]:
        yield _("没有用到的列：{names}").format(names=listed(done["unused"]))
