"""No function, method, property or class that no other line names.

vulture itself runs in `./dev check` for arguments and unreachable lines. Here its finer findings are kept to
callables: fields, columns and enum members are often read by name only.
"""

import re
from pathlib import Path

from vulture.core import Vulture

from tests.house.tree import PACKAGES, ROOT, modules

# Decorators that register what they decorate.
REGISTERING = [
    *(
        "@command*",
        "@*.command*",
        "@*.callback*",
        "@*validator*",
        "@*serializer*",
        "@validates*",
        "@*listens_for*",
        "@compiles*",
    ),
    *("@*.get*", "@*.post*", "@*.put*", "@*.delete*", "@*middleware*", "@overload"),
]
# Called by somebody outside: names, and who calls.
CALLED_FROM_OUTSIDE = {
    r"process_bind_param|process_result_value|load_dialect_impl|coerce_compared_value": "SQLAlchemy",
    r"__\w+__|_missing_": "Python",
    r"model_config|settings_customise_sources": "pydantic",
    r"revise": "whoever changes a model and needs the next migration",
}


def test_every_callable_of_the_house_is_called() -> None:
    places = [ROOT / source.path for source in modules() if source.within(*PACKAGES, "tests", "benchmarks")]
    wrong = unused(places)
    assert not wrong, "\n".join(wrong)


def test_a_callable_that_nobody_calls_is_seen(tmp_path: Path) -> None:
    place = tmp_path / "bot.py"
    place.write_text("def called(): ...\ndef forgotten(): ...\n@app.get('/')\ndef served(): ...\ncalled()\n")
    assert [line.split(": ")[1] for line in unused([place], below=tmp_path)] == ["forgotten"]


def unused(files: list[Path], *, below: Path = ROOT) -> list[str]:
    """Every function, method, property and class below one of the packages that no file names."""
    finder = Vulture(ignore_decorators=REGISTERING)
    for file in files:
        finder.scan(file.read_text(encoding="utf-8"), filename=file)
    wrong = []
    for item in finder.get_unused_code():
        place = Path(item.filename).relative_to(below)
        outside = any(re.fullmatch(pattern, item.name) for pattern in CALLED_FROM_OUTSIDE)
        ours = place.parts[0].removesuffix(".py") in PACKAGES
        if ours and not outside and item.typ in {"function", "method", "property", "class"}:
            wrong.append(f"{place}:{item.first_lineno}: {item.name}")
    return wrong
