"""What any thing may be refused with."""

from typing import Final

SENTENCES: Final[dict[str, str]] = {
    "not_found": "没有找到{kind}「{code_text}」，请核对后再发一次。",
    "wrong_state": "{thing} 现在是「{status}」，不能变成「{wanted}」。",
    "already_there": "{kind}「{code_text}」已经有了，没有重复登记。",
    "not_permitted": "你没有「{permission}」的权限，请找：{who}。",
    "not_your_own": "{thing} 是你自己处理的，要请别人来确认。",
    "stale": "这个按钮已经过时：{thing} 现在是「{status}」。",
    "question_gone": "「{pressed}」按晚了，或者问的不是你，什么都没有改动。",
    "pressed_already": "刚才已经按过了，见 {number}；真要再来一次，请再说一遍。",
}
