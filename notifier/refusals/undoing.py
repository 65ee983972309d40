"""Why an act is not undone."""

from typing import Final

SENTENCES: Final[dict[str, str]] = {
    "nothing_to_undo": "没有可以撤的 {number}，可能已经撤过了。",
    "no_such_answer": "这里没有 {number} 这个回答，编号写在回答的最后。",
    "undone_last": "上一次已经撤销了。再往前是 {earlier} {act}，要撤请发「撤 {earlier}」。",
    "undo_too_late": "{number} 已超过 {minutes} 分钟，不能自己撤了，请班组长来撤。",
    "cannot_undo": "{number} 不能撤：{why}。",
    "stood_upon": "{number} 后面已经有「{later}」，要先撤后面的。",
}
