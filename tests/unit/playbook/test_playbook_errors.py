"""A wrong playbook: every mistake with file, line, column and what was expected, all at once."""

import re
from pathlib import Path

import pytest

from domain.playbook import Playbook, PlaybookInvalid, load, load_master
from domain.playbook.plant import Department
from tests.plants import DEMO, demo

GOOD = {
    "site.yaml": "site:\n  code: t\n  name: 厂\n  plant_manager: 0007\n",
    "people.yaml": "people:\n  - {id: 0007, name: 喆, roles: [manager]}\n",
    "departments.yaml": (
        "departments:\n"
        "  - code: make\n"
        "    name: 生产部\n"
        "    head: 0007\n"
        "    shifts: [day]\n"
        "  - code: store\n"
        "    name: 仓库\n"
        "    head: 0007\n"
    ),
    "shifts.yaml": (
        "shifts:\n  - {code: day, name: 白班, start: 08:00, end: 20:00}\n"
        "rota:\n  - {department: make, shift: day, people: [0007]}\n"
    ),
    "andon.yaml": (
        "ladders:\n"
        "  - code: up\n"
        "    name: 升级\n"
        "    rungs:\n"
        "      - {who: duty, after: 0m}\n"
        "      - {who: head, after: 10m}\n"
        "andon_kinds:\n"
        "  - {code: part, name: 缺料, department: store, ladder: up}\n"
    ),
}


def written(folder: Path, **changed: str) -> Path:
    root = folder / "playbook"
    root.mkdir()
    for name, text in {**GOOD, **{f"{name}.yaml": text for name, text in changed.items()}}.items():
        (root / name).write_text(text, encoding="utf-8")
    return root


def complaints(path: Path) -> list[str]:
    with pytest.raises(PlaybookInvalid) as caught:
        load(path)
    return str(caught.value).splitlines()


def test_the_good_one_loads_and_keeps_leading_zeros(tmp_path: Path) -> None:
    assert load(written(tmp_path)).person("0007").name == "喆"


PEOPLE = "people:\n  - {id: 0007, name: 喆, roles: [manager]}\n"
DEPARTMENT = "departments:\n  - code: make\n    name: 生产部\n    head: 0007\n    shifts: [day]\n"
STORE = "  - {code: store, name: 仓库, head: 0007}\n"
HEADLESS = DEPARTMENT.replace("- code", "- ▲code").replace("head:", "haed:") + STORE
RUNGS = "    rungs:\n      - {who: duty, after: 0m}\n      - {who: head, after: 10m}\n"
YEAR = "calendar:\n  - year: 2026\n    confirmed: true\n"
SECTIONS = f"sites：不认识 sites，可以写：{'、'.join(Playbook.model_fields)}。是不是 site？"
ANDON = GOOD["andon.yaml"]
SHIFTS = GOOD["shifts.yaml"]

CASES = [
    (
        "departments",
        DEPARTMENT + "    leader: ▲1007\n" + STORE,
        "departments.0.leader：找不到工号 1007。是不是 0007？",
    ),
    ("departments", HEADLESS, "departments.0.head：缺少 head（部门负责人的工号）"),
    (
        "departments",
        DEPARTMENT + "    ▲shift: [day]\n" + STORE,
        f"departments.0.shift：不认识 shift，可以写：{'、'.join(Department.model_fields)}。是不是 shifts？",
    ),
    (
        "departments",
        DEPARTMENT + "    ▲head: 0007\n" + STORE,
        "departments.0.head：head 写了两次，第一次在第 4 行",
    ),
    (
        "departments",
        DEPARTMENT + STORE.replace("code: store", "code: ▲make"),
        "departments.1.code：部门 make 重复，已经写在 playbook/departments.yaml:2:5",
    ),
    (
        "departments",
        DEPARTMENT + STORE.replace("}", ", aliases: [▲生产部]}"),
        "departments.1.aliases.0：生产部 已经是 make 的叫法",
    ),
    (
        "andon",
        ANDON.replace("department: store", "department: ▲stores"),
        "andon_kinds.0.department：找不到部门 stores。是不是 store？",
    ),
    (
        "andon",
        ANDON.replace("who: head", "who: ▲duty"),
        "ladders.0.rungs.1.who：最后一级必须落到一个人（leader、head、plant_manager 或 person），不能是 duty",
    ),
    (
        "andon",
        ANDON.replace("{who: head", "▲{who: person"),
        "ladders.0.rungs.1：who 是 person 时要写 person（工号），其他时候不写",
    ),
    (
        "andon",
        ANDON.replace("after: 10m", "after: ▲10"),
        "ladders.0.rungs.1.after：时长写法应为 15m / 2h / 30分钟，写的是 10",
    ),
    (
        "andon",
        ANDON.replace("who: head", "who: ▲boss"),
        "ladders.0.rungs.1.who：应为 duty、leader、head、plant_manager、person 之一，写的是 boss",
    ),
    (
        "andon",
        ANDON.replace(RUNGS, "    rungs: ▲[]\n"),
        "ladders.0.rungs：至少要有 1 项",
    ),
    (
        "andon",
        ANDON + "  # 注释\n  - {code: part2, name: ▲缺料, department: store, ladder: up}\n",
        "andon_kinds.1.name：缺料 已经是 part 的叫法",
    ),
    (
        "shifts",
        SHIFTS.replace("end: 20:00}", "end: 20:00}\n  - ▲{code: n, name: 夜班, start: 19:30, end: 08:00}"),
        "shifts.1：班次 白班 和 夜班 的时间重叠",
    ),
    ("shifts", SHIFTS.replace("08:00", "▲8点"), "shifts.0.start：钟点写法应为 08:00，写的是 8点"),
    (
        "shifts",
        SHIFTS.replace("20:00}", "20:00, days: ▲周八}"),
        "shifts.0.days：星期写法应为 [周一, 周三]、周一-周六、工作日 或 每天，写的是 周八",
    ),
    (
        "shifts",
        SHIFTS.replace("department: make, shift: ", "department: store, shift: ▲"),
        "rota.0.shift：仓库 不上 day，它的 shifts 里没有",
    ),
    ("people", PEOPLE + "  - {id: 8, name: 珺, roles: [▲boss]}\n", "people.1.roles.0：找不到角色 boss"),
    ("people", PEOPLE.replace("[manager]", "▲manager"), "people.0.roles：应为列表，如 [甲, 乙]"),
    ("people", PEOPLE.replace(" 喆", " ▲''"), "people.0.name：不能为空"),
    ("people", PEOPLE.replace(" 喆", " ▲~"), "people.0.name：应为文字"),
    ("people", PEOPLE.replace("喆", "▲" + "喆" * 201), "people.0.name：太长，最多 200 个字"),
    (
        "people",
        PEOPLE.replace("0007", "▲00 07"),
        "people.0.id：代号写法不对：00 07，应为字母、数字、汉字、- _ .，1 到 64 个字",
    ),
    (
        "people",
        PEOPLE.replace("}", ", dingtalk: z}") + "  - {id: 8, name: 珺, roles: [admin], dingtalk: ▲z}\n",
        "people.1.dingtalk：这个账号已经是 0007 喆 的",
    ),
    (
        "site",
        GOOD["site.yaml"].replace("0007", "▲8") + "  timezone: Asia/Shanghai\n",
        "site.plant_manager：找不到工号 8",
    ),
    (
        "site",
        GOOD["site.yaml"] + "  timezone: ▲Asia/Shangai\n",
        "site.timezone：没有这个时区：Asia/Shangai，例如 Asia/Shanghai",
    ),
    (
        "roles",
        "roles:\n  - {code: r, name: 角, permissions: [order.*, ▲order.releese]}\n",
        "roles.0.permissions.1：没有这个权限：order.releese。是不是 order.release？",
    ),
    (
        "calendar",
        "calendar:\n  - year: 2026\n    confirmed: ▲也许\n",
        "calendar.0.confirmed：应为 true 或 false，写的是 也许",
    ),
    ("calendar", "calendar:\n  - {year: ▲二〇, confirmed: true}\n", "calendar.0.year：应为整数，写的是 二〇"),
    (
        "calendar",
        YEAR + "    rest:\n      - ▲{since: 2025-12-31, name: 元旦}\n",
        "calendar.0.rest.0：2025-12-31 不在 2026 年",
    ),
    (
        "calendar",
        YEAR + "    rest:\n      - {since: ▲2026-02-30, name: 春节}\n",
        "calendar.0.rest.0.since：应为日期，如 2026-10-01，写的是 2026-02-30",
    ),
    (
        "calendar",
        YEAR + "    rest: [{since: 2026-02-14, name: 春节}]\n    work: [▲{day: 2026-02-14, name: 调休}]\n",
        "calendar.0.work.0：2026-02-14 既放假又补班",
    ),
    (
        "calendar",
        YEAR + "    work: [{day: 2026-02-14, name: 补}, ▲{day: 2026-02-14, name: 补}]\n",
        "calendar.0.work.1：2026-02-14 写了两次",
    ),
    ("limits", "limits: {scrap_rate: ▲500%}\n", "limits.scrap_rate：比例写法应为 5% 或 0.05，写的是 500%"),
    ("limits", "limits: {scrap_from: ▲0}\n", "limits.scrap_from：应不小于 1，写的是 0"),
    ("limits", "limits: ▲5\n", "limits：应为“名字: 值”的形式"),
    (
        "codes",
        "codes:\n  patterns:\n    - {kind: lot, pattern: ▲'L[0-9', sample: L1}\n",
        "codes.patterns.0.pattern：正则表达式写法不对：L[0-9",
    ),
    (
        "codes",
        "codes:\n  patterns:\n    - ▲{kind: lot, pattern: 'L[0-9]', sample: L12}\n",
        "codes.patterns.0：例子不匹配上面的正则表达式",
    ),
    ("budgets", "budgets:\n  - ▲{platform: wecom, reserve: 18}\n", "budgets.0：reserve 应小于 per_minute"),
    (
        "leave",
        "leave:\n  - ▲{person: 0007, since: 2026-03-02, until: 2026-03-01}\n",
        "leave.0：开始日期晚于结束日期",
    ),
    (
        "leave",
        "leave:\n  - ▲{person: 0007, since: 2026-03-02, until: 2026-03-03, substitute: 0007}\n",
        "leave.0：不能给自己代班",
    ),
    (
        "zz",
        "▲site: {code: x}\n",
        "site：site 已经写在 playbook/site.yaml 第 1 行",
    ),
    ("zz", "▲sites: {code: x}\n", SECTIONS),
    (
        "zz",
        "limits:\n▲\tscrap_rate: 5%\n",
        "YAML 写法不对：用了制表符，缩进只能用空格（found character '\\t' that cannot start any token）",
    ),
    (
        "zz",
        "limits: ▲!!python/object/apply:os.system [id]\n",
        "limits：不认识的标签 tag:yaml.org,2002:python/object/apply:os.system，这里只写普通的值",
    ),
    ("zz", "leave: ▲&all\n  - *all\n", "leave.0：引用了自己（&all）"),
    ("zz", "▲- 一\n", "应为“名字: 值”的形式"),
    ("zz", "leave: [{? ▲[a] : b}]\n", "leave.0：这里应为一个名字"),
]


def at_marker(text: str) -> str:
    """The line:column of the ▲."""
    before = text[: text.index("▲")]
    return f"{before.count(chr(10)) + 1}:{len(before) - before.rfind(chr(10))}"


@pytest.mark.parametrize(
    ("file", "text", "expected"), CASES, ids=[f"{case[0]}-{at}" for at, case in enumerate(CASES)]
)
def test_each_mistake_says_where_and_what(tmp_path: Path, file: str, text: str, expected: str) -> None:
    said = complaints(written(tmp_path, **{file: text.replace("▲", "")}))
    between = " " if re.match(r"[a-z_]+[.：]", expected) else "："
    assert f"playbook/{file}.yaml:{at_marker(text)}{between}{expected}" in said


def test_whoever_may_be_called_must_be_able_to_take(tmp_path: Path) -> None:
    said = complaints(written(tmp_path, people=PEOPLE.replace("manager", "operator")))
    assert (
        "playbook/shifts.yaml:4:45 rota.0.people.0：0007 的角色都没有 andon.take（接异常），叫到他也接不了"
        in said
    )
    assert any(line.startswith("playbook/site.yaml:4:18 site.plant_manager：0007 的角色") for line in said)
    assert any(
        line.startswith("playbook/departments.yaml:4:11 departments.0.head：0007 的角色") for line in said
    )


def test_all_mistakes_are_said_at_once_in_the_order_of_the_files(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        people="people:\n  - {id: 0007, nme: 喆, roles: [manager]}\n",
        andon=ANDON.replace("after: 10m", "after: 十分").replace("ladder: up", "ladder: upp"),
        limits="limits: {scrap_rate: many}\n",
    )
    said = complaints(path)
    assert [line.split(" ")[0].split("：")[0] for line in said] == [
        "playbook/andon.yaml:6:28",
        "playbook/andon.yaml:8:55",
        "playbook/limits.yaml:1:22",
        "playbook/people.yaml:2:5",
        "playbook/people.yaml:2:16",
    ]


def test_a_broken_file_does_not_blame_the_others_for_what_it_hides(tmp_path: Path) -> None:
    said = complaints(written(tmp_path, people="people: [{id: 0007\n"))
    assert len(said) == 1
    assert said[0].startswith("playbook/people.yaml:2:1：YAML 写法不对：花括号没有写完")


def test_a_file_that_is_not_utf8_is_named_with_the_line(tmp_path: Path) -> None:
    path = written(tmp_path)
    (path / "gbk.yaml").write_bytes("# 一\nleave: []\n# 喆\n".encode("gb18030"))
    assert complaints(path) == ["playbook/gbk.yaml:3:1：不是 UTF-8 编码，请另存为 UTF-8"]


def test_secrets_are_references_and_a_value_is_not_repeated(tmp_path: Path) -> None:
    chats = "chats:\n  - {code: c, platform: wecom, id: x, title: 群, webhook: %s}\n"
    said = complaints(written(tmp_path, chats=chats % "https://example.invalid/send?key=topsecret"))
    assert said == [
        "playbook/chats.yaml:2:58 chats.0.webhook：密钥只能写引用：env:名字 或 file:/路径，不能写值本身"
    ]


@pytest.mark.parametrize("reference", ["env:GROUP_HOOK", "file:/run/secrets/hook"])
def test_secret_references_are_kept(tmp_path: Path, reference: str) -> None:
    chats = f"chats:\n  - {{code: c, platform: wecom, id: x, title: 群, webhook: '{reference}'}}\n"
    assert load(written(tmp_path, chats=chats)).chat("c").webhook == reference


def test_references_that_multiply_are_refused(tmp_path: Path) -> None:
    lines = ["x0: &x0 [1, 1, 1, 1, 1, 1, 1, 1, 1]"]
    lines += [f"x{level}: &x{level} [{', '.join([f'*x{level - 1}'] * 9)}]" for level in range(1, 9)]
    path = written(tmp_path, more="leave:\n" + "\n".join(f"  - {{{line}}}" for line in lines) + "\n")
    assert any("值太多" in line for line in complaints(path))


@pytest.mark.parametrize("depth", [100, 350, 450, 600, 5000])
def test_brackets_without_end_are_refused(tmp_path: Path, depth: int) -> None:
    said = complaints(written(tmp_path, more=f"leave: {'[' * depth}{']' * depth}\n"))
    assert any("嵌套太深" in line or "maximum recursion" in line for line in said)


def test_no_folder_and_an_empty_folder_say_so(tmp_path: Path) -> None:
    assert complaints(tmp_path / "nowhere") == [f"{tmp_path}/nowhere：找不到这个文件夹或文件"]
    (tmp_path / "empty").mkdir()
    assert complaints(tmp_path / "empty") == ["empty：这个文件夹里没有 .yaml 文件"]


def test_the_same_problem_in_english(tmp_path: Path) -> None:
    path = written(tmp_path, people=PEOPLE + "  - {id: 8, name: 珺, roles: [manageer]}\n")
    with pytest.raises(PlaybookInvalid) as caught:
        load(path)
    english = caught.value.text(language="en_US")
    assert (
        english == "playbook/people.yaml:3:30 people.1.roles.0: no such role: manageer; did you mean manager?"
    )


MASTER_CASES = [
    ("▲ladder: x\n", "ladder：不认识 ladder"),
    (
        "lots:\n  - {code: L-1, material: PK-S, quantity: ▲0}\n",
        "lots.0.quantity：应大于 0，写的是 0",
    ),
    (
        "lots:\n  - {code: LOT-1, material: ▲PK-S, quantity: 1}\n",
        "lots.0.material：物料 PK-S 不按批次管，不能有批次",
    ),
    (
        "orders:\n  - {code: X-1, product: ▲TS-30, quantity: 5}\n",
        "orders.0.product：找不到产品 TS-30。是不是 TS-300？",
    ),
    (
        "orders:\n  - {code: ▲X-1, product: TS-300, quantity: 5}\n",
        "orders.0.code：X-1 应以 WO- 开头",
    ),
    (
        "orders:\n  - ▲{code: WO-1, product: TS-300, quantity: 5, due: 2026-03-01, due_in: 2天}\n",
        "orders.0：due 和 due_in 只能写一个",
    ),
]


@pytest.mark.parametrize(("text", "expected"), MASTER_CASES)
def test_master_data_says_where_and_what(tmp_path: Path, text: str, expected: str) -> None:
    root = tmp_path / "master"
    root.mkdir()
    for name in ("materials.yaml", "products.yaml"):
        (root / name).write_text((DEMO / "master" / name).read_text(encoding="utf-8"), encoding="utf-8")
    (root / "extra.yaml").write_text(text.replace("▲", ""), encoding="utf-8")
    with pytest.raises(PlaybookInvalid) as caught:
        load_master(root, playbook=demo())
    assert f"master/extra.yaml:{at_marker(text)} {expected}" in str(caught.value)


ROUTE_CASES = [
    ("sequence: 20, operation: assemble", "sequence: 10, operation: assemble", "序号 10 应大于前一道的 10"),
    ("operation: assemble, minutes: 2}", "operation: glue, minutes: 2}", "找不到工序 glue"),
    ("{material: PR-PT100,", "{material: TS-300,", "TS-300 不能用在它自己里面"),
    ("{material: PR-PT100,", "{material: PR-PT1000,", "找不到物料 PR-PT1000。是不是 PR-PT100？"),
    ("quantity: 1, operation: solder", "quantity: 1, operation: smt", "温度传感器 的路线里没有工序 smt"),
]


@pytest.mark.parametrize(("old", "new", "expected"), ROUTE_CASES)
def test_routes_name_known_operations_and_materials(
    tmp_path: Path, old: str, new: str, expected: str
) -> None:
    root = tmp_path / "master"
    root.mkdir()
    for file in (DEMO / "master").glob("*.yaml"):
        text = file.read_text(encoding="utf-8")
        (root / file.name).write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(PlaybookInvalid) as caught:
        load_master(root, playbook=demo())
    assert f"：{expected}" in str(caught.value)
    assert "master/products.yaml:" in str(caught.value)
