"""What is wrong with a playbook: file, line, column, place, and a sentence that says what was expected."""

from collections.abc import Iterable
from dataclasses import dataclass, field

Loc = tuple[str | int, ...]

SENTENCES: dict[str, tuple[str, str]] = {
    # of the files
    "no_folder": ("找不到这个文件夹或文件", "no such folder or file"),
    "no_files": ("这个文件夹里没有 .yaml 文件", "no .yaml file in this folder"),
    "unreadable": ("读不了：{reason}", "cannot be read: {reason}"),
    "not_utf8": ("不是 UTF-8 编码，请另存为 UTF-8", "not UTF-8, save it as UTF-8"),
    "too_large": ("文件太大，最多 {limit} MB", "too large, at most {limit} MB"),
    "too_many": ("值太多，最多 {limit} 个（引用 & 和 * 会成倍放大）", "too many values, at most {limit}"),
    "too_deep": ("嵌套太深，最多 {limit} 层", "nested too deep, at most {limit} levels"),
    "syntax": ("YAML 写法不对：{reason}", "not YAML: {reason}"),
    "tag": ("不认识的标签 {tag}，这里只写普通的值", "unknown tag {tag}, plain values only"),
    "recursive": ("引用了自己（&{anchor}）", "refers to itself (&{anchor})"),
    "key_not_text": ("这里应为一个名字", "a plain name is expected here"),
    "duplicate_key": ("{name} 写了两次，第一次在第 {line} 行", "{name} twice, first in line {line}"),
    "section_twice": ("{name} 已经写在 {file} 第 {line} 行", "{name} stands already in {file} line {line}"),
    "not_a_mapping": ("应为“名字: 值”的形式", "expected names and values"),
    # of the fields
    "missing": ("缺少 {name}（{meaning}）", "{name} is missing"),
    "unknown_field": ("不认识 {name}，可以写：{allowed}{guess}", "unknown {name}, allowed: {allowed}{guess}"),
    "text": ("应为文字", "expected text"),
    "number": ("应为整数，写的是 {given}", "expected a whole number, found {given}"),
    "decimal": ("应为数字，写的是 {given}", "expected a number, found {given}"),
    "boolean": ("应为 true 或 false，写的是 {given}", "expected true or false, found {given}"),
    "date": ("应为日期，如 2026-10-01，写的是 {given}", "expected a date like 2026-10-01, found {given}"),
    "choice": ("应为 {expected} 之一，写的是 {given}", "expected one of {expected}, found {given}"),
    "list": ("应为列表，如 [甲, 乙]", "expected a list like [a, b]"),
    "list_short": ("至少要有 {least} 项", "at least {least} expected"),
    "mapping": ("应为“名字: 值”的形式", "expected names and values"),
    "bound": ("应{relation} {limit}，写的是 {given}", "expected {relation} {limit}, found {given}"),
    "code": (
        "代号写法不对：{given}，应为字母、数字、汉字、- _ .，1 到 64 个字",
        "not a code: {given}; letters, digits, - _ . only",
    ),
    "empty": ("不能为空", "must not be empty"),
    "too_long": ("太长，最多 {most} 个字", "too long, at most {most} characters"),
    "duration": (
        "时长写法应为 15m / 2h / 30分钟，写的是 {given}",
        "a duration like 15m or 2h, found {given}",
    ),
    "days": (
        "星期写法应为 [周一, 周三]、周一-周六、工作日 或 每天，写的是 {given}",
        "days like [周一, 周三] or 工作日, found {given}",
    ),
    "clock": ("钟点写法应为 08:00，写的是 {given}", "an hour like 08:00, found {given}"),
    "share": ("比例写法应为 5% 或 0.05，写的是 {given}", "a share like 5% or 0.05, found {given}"),
    "secret": (
        "密钥只能写引用：env:名字 或 file:/路径，不能写值本身",
        "a secret is a reference, env:NAME or file:/path, never the value",
    ),
    "zone": ("没有这个时区：{given}，例如 Asia/Shanghai", "no such time zone: {given}"),
    "regex": ("正则表达式写法不对：{given}", "not a regular expression: {given}"),
    "sample_differs": ("例子不匹配上面的正则表达式", "the sample does not match the pattern"),
    "since_after_until": ("开始日期晚于结束日期", "since is after until"),
    "own_substitute": ("不能给自己代班", "nobody substitutes for himself"),
    "rung_person": (
        "who 是 person 时要写 person（工号），其他时候不写",
        "person goes with who: person, and only with it",
    ),
    "repeat_too_short": ("repeat 至少 1 分钟", "repeat is at least one minute"),
    "reserve_too_large": ("reserve 应小于 per_minute", "reserve must be less than per_minute"),
    "warn_too_early": ("warn 应小于 lasts", "warn must be shorter than lasts"),
    "either_or": ("{first} 和 {second} 只能写一个", "{first} or {second}, not both"),
    "value": ("值不对：{reason}", "not acceptable: {reason}"),
    # of the whole
    "unknown_ref": ("找不到{kind} {given}{guess}", "no such {kind_en}: {given}{guess}"),
    "duplicate_code": ("{kind} {given} 重复，已经写在 {first}", "{kind_en} {given} again, first at {first}"),
    "name_taken": ("{given} 已经是 {owner} 的叫法", "{given} already means {owner}"),
    "account_taken": ("这个账号已经是 {owner} 的", "this account is already that of {owner}"),
    "last_rung": (
        "最后一级必须落到一个人（leader、head、plant_manager 或 person），不能是 {who}",
        "the last rung must be a person, not {who}",
    ),
    "shifts_overlap": ("班次 {first} 和 {second} 的时间重叠", "shifts {first} and {second} overlap"),
    "shift_not_worked": (
        "{department} 不上 {shift}，它的 shifts 里没有",
        "{department} does not work {shift}",
    ),
    "cannot_take": (
        "{given} 的角色都没有 andon.take（接异常），叫到他也接不了",
        "no role of {given} has andon.take, so he cannot take what he is called for",
    ),
    "unknown_permission": ("没有这个权限：{given}{guess}", "no such permission: {given}{guess}"),
    "outside_year": ("{day} 不在 {year} 年", "{day} is not in {year}"),
    "rest_and_work": ("{day} 既放假又补班", "{day} is both a day off and a make-up day"),
    "twice_in_year": ("{day} 写了两次", "{day} stands here twice"),
    "prefix": ("{given} 应以 {prefix} 开头", "{given} should begin with {prefix}"),
    "operation_not_routed": (
        "{product} 的路线里没有工序 {operation}",
        "the route of {product} has no operation {operation}",
    ),
    "sequence": (
        "序号 {given} 应大于前一道的 {before}",
        "sequence {given} must exceed the {before} before it",
    ),
    "merged_nowhere": (
        "{given} 不是这条路线里单独报工的工序，并不进去",
        "{given} is no step of this route that is reported by itself",
    ),
    "parallel_apart": (
        "并行组 {given} 的工序要连着写",
        "the steps of parallel group {given} must follow each other",
    ),
    "no_machine": (
        "没有 {given} 这一类设备",
        "there is no equipment of the kind {given}",
    ),
    "sheet_empty": ("表里什么都没有", "the table is empty"),
    "sheet_unknown": (
        "看不出是什么表，列名有：{given}（路线、BOM、物料各要哪些列，见 docs/import.md）",
        "cannot tell what table this is; its columns are {given} (docs/import.md says which are needed)",
    ),
    "line_twice": ("{material} 在 {operation} 已经写过一行", "{material} stands at {operation} already"),
    "no_route_yet": ("{given} 还没有工艺路线，先导入路线", "{given} has no route yet: import that first"),
    "low_above_high": ("下限比上限还高", "the lower limit is above the upper one"),
    "own_part": ("{given} 不能用在它自己里面", "{given} cannot be a part of itself"),
    "no_lot": ("物料 {given} 不按批次管，不能有批次", "material {given} is not tracked by lot"),
}


@dataclass(frozen=True)
class Mark:
    """A place in a file; line and column count from 1, 0 is the file as a whole."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: where it stands (`mark`, `loc`), its code, and the words of its sentence."""

    mark: Mark
    loc: Loc
    code: str
    data: dict[str, str] = field(default_factory=dict)

    @property
    def path(self) -> str:
        """Return `departments.0.leader`."""
        return ".".join(str(part) for part in self.loc)

    def text(self, *, language: str = "zh_CN") -> str:
        """Return `playbook/departments.yaml:9:5 departments.0.leader：找不到工号 1007`."""
        chinese, english = SENTENCES[self.code]
        head = " ".join(part for part in (str(self.mark), self.path) if part)
        near = self.data.get("near", "")
        if language == "zh_CN":
            return f"{head}：" + chinese.format(**self.data, guess=near and f"。是不是 {near}？")
        words = {name: value.replace("、", ", ") for name, value in self.data.items()}
        return f"{head}: " + english.format(**words, guess=near and f"; did you mean {near}?")

    def __str__(self) -> str:
        return self.text()


class PlaybookInvalid(Exception):
    """The playbook cannot be used; `problems` holds everything that is wrong with it, in the files' order."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(
            sorted(set_aside_repeats(problems), key=lambda it: (it.mark.file, it.mark.line, it.mark.column))
        )
        super().__init__("\n".join(str(problem) for problem in self.problems))

    def text(self, *, language: str = "zh_CN") -> str:
        """Return one line for each problem."""
        return "\n".join(problem.text(language=language) for problem in self.problems)


def set_aside_repeats(problems: Iterable[Problem]) -> list[Problem]:
    """Keep the first of problems that read the same."""
    return list({problem.text(): problem for problem in problems}.values())
