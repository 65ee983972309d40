"""A wrong playbook: each mistake with file, line, column (where the ▲ stands) and what was expected."""

import re
from pathlib import Path

import pytest

from domain.playbook import Playbook
from domain.playbook.plant import Department
from tests.playbooks import GOOD, at_marker, complaints, written

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
    (
        "budgets",
        "budgets:\n  - ▲{platform: wecom, per_minute: 18, reserve: 18}\n",
        "budgets.0：reserve 应小于 per_minute",
    ),
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


@pytest.mark.parametrize(
    ("file", "text", "expected"), CASES, ids=[f"{case[0]}-{at}" for at, case in enumerate(CASES)]
)
def test_each_mistake_says_where_and_what(tmp_path: Path, file: str, text: str, expected: str) -> None:
    said = complaints(written(tmp_path, **{file: text.replace("▲", "")}))
    between = " " if re.match(r"[a-z_]+[.：]", expected) else "："
    assert f"playbook/{file}.yaml:{at_marker(text)}{between}{expected}" in said
