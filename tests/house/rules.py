"""The rules of the house that one file alone can break: each takes a file and yields what is wrong."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator

from tests.house.tree import PACKAGES, Source

MOST_LINES = 300
MOST_POSITIONAL = 3
VAGUE = frozenset({"utils", "util", "helpers", "helper", "manager", "managers", "common", "misc"})
CLOCKS = frozenset(
    {
        *("datetime.now", "datetime.utcnow", "datetime.today", "date.today"),
        *("time.time", "time.time_ns", "time.monotonic", "time.localtime", "time.gmtime"),
    }
)
SQL = frozenset(
    {
        *(
            "sqlalchemy",
            "select",
            "insert",
            "update",
            "delete",
            "text",
            "func",
            "exists",
            "union",
            "case",
            "and_",
        ),
        *("or_", "join", "create_engine", "bindparam", "literal_column", "sessionmaker"),
    }
)
# What a command takes from the notifier: the shape of speech, its words, and digests that are asked for.
SPEECH = (
    "notifier.biography",
    "notifier.card",
    "notifier.digests",
    "notifier.names",
    "notifier.sentences",
    "notifier.text",
)
# Who may catch everything, and why.
CATCHERS = {
    "bot/hear.py": "turns a bug into an incident number for the person who met it",
    "bot/photo_decode.py": "a picture is whatever a phone wrote; decoded in a child process, asked for again",
    "bot/contacts.py": "whatever breaks in one reading, the others are read, and the next look comes",
    "bot/ticks.py": "the next tick comes whatever became of this one",
    "bot/web/health.py": "health says what is wrong instead of failing",
    "notifier/outbox.py": "the dispatcher's loop outlives any one message",
    "bot/platforms/dingtalk/scribe.py": "whatever stops the journal, nothing may be acknowledged",
    "bot/platforms/wecom/called/desk.py": "whatever keeps the journal shut, WeCom is to call again",
    "bot/platforms/wecom/app/callback.py": "whatever keeps the journal shut, WeCom is to call again",
    "bot/platforms/wecom/ears.py": "whatever keeps the journal shut, a frame is kept and tried again",
    "domain/store/office.py": "hands whatever a job raised to the future that waits for it",
    "domain/store/work.py": "hands whatever half of a job raised to the other half, which answers for it",
}
# Who may end a transaction, and why.
ENDERS = {
    "domain/store/office.py": "the one door",
    "domain/store/migrations": "alembic's own connection",
    "domain/store/bulk.py": "a loader fills a database in which nobody works",
}
UNFINISHED = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|XX" + r"X|HA" + r"CK)\b")
SUPPRESSION = re.compile(r"#\s*noqa\b(?P<codes>:\s*[A-Z]+\d+(?:[,\s]+[A-Z]+\d+)*)?(?P<reason>.*)")


def no_async_in_the_heart(source: Source) -> Iterator[str]:
    """`domain/` and `commands/` are synchronous: tests without an event loop, SQL without greenlets."""
    if source.within("domain", "commands"):
        for node in source.nodes(ast.AsyncFunctionDef, ast.Await, ast.AsyncFor, ast.AsyncWith):
            yield source.at(node, f"{type(node).__name__} in the synchronous heart")
        for node, name in _imports(source):
            if name.split(".")[0] in {"asyncio", "anyio"}:
                yield source.at(node, f"imports {name} in the synchronous heart")


def only_move_assigns_a_status(source: Source) -> Iterator[str]:
    """States move by a table; the sandbox and the platforms have their own worlds."""
    if not source.within(*PACKAGES) or source.within("bot/sandbox", "bot/platforms"):
        return
    moving = {id(inner) for node in _functions(source) if node.name == "move" for inner in ast.walk(node)}
    for node in source.nodes(ast.Attribute):
        assert isinstance(node, ast.Attribute)
        if node.attr == "status" and isinstance(node.ctx, ast.Store) and id(node) not in moving:
            yield source.at(node, "assigns .status outside move()")
    for call in _calls(source):
        if _dotted(call.func) == "setattr" and any(_text(given) == "status" for given in call.args):
            yield source.at(call, "assigns status by setattr")
        if source.within("domain/actions", "commands", "bot") and _updates_status(call):
            yield source.at(call, "assigns status by UPDATE")


def only_the_office_commits(source: Source) -> Iterator[str]:
    """One door: nothing else opens a transaction, commits or rolls back."""
    if source.within(*PACKAGES) and not source.within(*ENDERS):
        for call in _calls(source):
            if isinstance(call.func, ast.Attribute) and call.func.attr in {
                "commit",
                "rollback",
                "begin_nested",
            }:
                yield source.at(call, f"calls {call.func.attr}() outside the office")


def nothing_loads_lazily(source: Source) -> Iterator[str]:
    """A relationship that loads by itself is a query nobody wrote."""
    for call in _calls(source):
        lazy = [_text(given.value) for given in call.keywords if given.arg == "lazy"]
        if _dotted(call.func).split(".")[-1] == "relationship" and lazy != ["raise"]:
            yield source.at(call, 'a relationship without lazy="raise"')


def time_is_handed_in(source: Source) -> Iterator[str]:
    """Only the clock reads the clock: a test, a demo and a restart can then move it."""
    if source.within(*PACKAGES) and source.path != "domain/clock.py":
        origins = {name.split(".")[-1]: name for _, name in _imports(source)}
        for node in source.nodes(ast.Attribute, ast.Name):
            spelt = _dotted(node)
            if spelt in CLOCKS or spelt.removeprefix("datetime.") in CLOCKS:
                yield source.at(node, f"reads the clock: {spelt}")
            elif isinstance(node, ast.Name) and origins.get(spelt) in CLOCKS:
                yield source.at(node, f"reads the clock: {origins[spelt]}")


def settings_alone_read_the_environment(source: Source) -> Iterator[str]:
    """What can be configured stands in one class, with its documentation; a library may be told something."""
    if source.within(*PACKAGES) and source.path != "bot/settings.py":
        attributes = [it for it in ast.walk(source.tree) if isinstance(it, ast.Attribute)]
        told = [it.value for it in attributes if _dotted(it) == "os.environ.setdefault"]
        for read in (it for it in attributes if it not in told):
            if _dotted(read) in {"os.environ", "os.getenv", "os.environb"}:
                yield source.at(read, f"reads {_dotted(read)} outside bot/settings.py")
        for node, name in _imports(source):
            if name in {"os.environ", "os.getenv"}:
                yield source.at(node, f"imports {name} outside bot/settings.py")


def only_the_shell_catches_everything(source: Source) -> Iterator[str]:
    """Anything that is not a refusal is a bug, and must reach the place that gives it a number."""
    if source.within(*PACKAGES) and source.path not in CATCHERS:
        for node in source.nodes(ast.ExceptHandler):
            assert isinstance(node, ast.ExceptHandler)
            caught = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
            swallowed = not isinstance(node.body[-1], ast.Raise)
            if swallowed and any(
                kind is None or _dotted(kind) in {"Exception", "BaseException"} for kind in caught
            ):
                yield source.at(node, "catches everything")


def a_file_is_one_room(source: Source) -> Iterator[str]:
    """A reader knows each room: short, and with a name that says what is in it."""
    lines = len(source.text.splitlines())
    if lines > MOST_LINES and source.path.endswith((".py", ".js", ".css", ".html", ".sh")):
        yield f"{source.path}: {lines} lines, more than {MOST_LINES}"
    if VAGUE & set(source.path.removesuffix(".py").split("/")):
        yield f"{source.path}: a name that says nothing"


def nothing_is_left_for_later(source: Source) -> Iterator[str]:
    """What is missing stands in an issue, not in the code."""
    if not source.path.endswith((".lock", "LICENSE")):
        for number, line in enumerate(source.text.splitlines(), 1):
            if UNFINISHED.search(line):
                yield f"{source.path}:{number}: {line.strip()[:60]}"


def a_suppression_has_a_reason(source: Source) -> Iterator[str]:
    """Whoever switches a check off names the check and says why."""
    for token in tokenize.generate_tokens(io.StringIO(source.text).readline):
        found = SUPPRESSION.search(token.string) if token.type == tokenize.COMMENT else None
        if found and not (found["codes"] and len(found["reason"].strip(" -()#")) > 2):
            yield f"{source.path}:{token.start[0]}: a noqa without code or reason"


def fakes_not_mocks(source: Source) -> Iterator[str]:
    """A test asserts what was stored and said, not who was called."""
    for node, name in _imports(source):
        if name.startswith(("unittest.mock", "pytest_mock")):
            yield source.at(node, "imports a mock")


def a_sleep_in_a_test_has_a_reason(source: Source) -> Iterator[str]:
    """Clocks are moved; what cannot be moved says why on the same line. Crash runs are real time."""
    if source.within("tests") and not source.within("tests/crash"):
        lines = source.text.splitlines()
        for call in _calls(source):
            wait = _dotted(call.func) in {"time.sleep", "asyncio.sleep"} and _constant(call) != 0
            if wait and "#" not in lines[call.lineno - 1]:
                yield source.at(call, "sleeps without saying why")


def sql_stays_in_its_rooms(source: Source) -> Iterator[str]:
    """SQL has names that read as sentences, in `store/` and `queries/`; the models say what a table is."""
    rooms = ("domain/store", "domain/queries", "domain/models", "domain/work.py")
    if source.within(*PACKAGES) and not source.within(*rooms):
        for node, name in _imports(source):
            top, last = name.split(".")[0], name.split(".")[-1]
            if top in {"sqlite3", "psycopg", "alembic"} or (top == "sqlalchemy" and last in SQL):
                yield source.at(node, f"imports {name} outside {', '.join(rooms)}")


def arguments_are_named(source: Source) -> Iterator[str]:
    """A call reads as a sentence: beyond the first few, arguments of public functions are keyword-only."""
    if source.within(*PACKAGES) and (source.within("commands/kit") or not source.within("commands")):
        for node in _functions(source):  # the kit calls commands, and always by name
            given = [each.arg for each in (*node.args.posonlyargs, *node.args.args)]
            given = [name for name in given if name not in {"self", "cls"}]
            if not node.name.startswith("_") and len(given) > MOST_POSITIONAL:
                yield source.at(node, f"{node.name} takes {', '.join(given)} by position")


def commands_know_only_their_kit(source: Source) -> Iterator[str]:
    """A command says and does; how it is heard, stored and sent is not its business."""
    if source.within("commands") and not source.within("commands/kit") and source.name != "__init__":
        allowed = ("commands.kit", *SPEECH, "domain")
        for node, name in _imports(source):
            ours = name.split(".")[0] in PACKAGES
            known = any(name == place or name.startswith(f"{place}.") for place in allowed)
            if ours and (not known or name.startswith("domain.store")):
                yield source.at(node, f"a command imports {name}")


def _functions(source: Source) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in source.nodes(ast.FunctionDef, ast.AsyncFunctionDef):
        assert isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        yield node


def _calls(source: Source) -> Iterator[ast.Call]:
    for node in source.nodes(ast.Call):
        assert isinstance(node, ast.Call)
        yield node


def _imports(source: Source) -> Iterator[tuple[ast.AST, str]]:
    """Every imported name in full, `from a import b` as `a.b`."""
    for node in source.nodes(ast.Import, ast.ImportFrom):
        if isinstance(node, ast.Import):
            yield from ((node, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ((node, f"{node.module}.{alias.name}") for alias in node.names)


def _dotted(node: ast.AST) -> str:
    """`a.b.c` as it is spelt, or an empty text."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{_dotted(node.value)}.{node.attr}"
    return ""


def _text(node: ast.AST) -> object:
    return node.value if isinstance(node, ast.Constant) else None


def _constant(call: ast.Call) -> object:
    return _text(call.args[0]) if call.args else None


def _updates_status(call: ast.Call) -> bool:
    """`update(Thing)...values(status=...)`."""
    names = {_dotted(inner.func).split(".")[-1] for inner in ast.walk(call) if isinstance(inner, ast.Call)}
    values = isinstance(call.func, ast.Attribute) and call.func.attr == "values"
    return values and "update" in names and any(given.arg == "status" for given in call.keywords)


RULES = (
    no_async_in_the_heart,
    only_move_assigns_a_status,
    only_the_office_commits,
    nothing_loads_lazily,
    time_is_handed_in,
    settings_alone_read_the_environment,
    only_the_shell_catches_everything,
    a_file_is_one_room,
    nothing_is_left_for_later,
    a_suppression_has_a_reason,
    fakes_not_mocks,
    a_sleep_in_a_test_has_a_reason,
    commands_know_only_their_kit,
    sql_stays_in_its_rooms,
    arguments_are_named,
)
