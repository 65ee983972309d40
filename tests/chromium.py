"""The browser of the browser tests: a Chromium that is on the machine, with the locked Chinese font.

`python -m tests.chromium` prints where it is, or says what to do and ends with 1.
"""

import importlib.util
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests import programs

ENVIRONMENT = "BANZHANG_TEST_CHROMIUM"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
FONT_PACKAGE = "pylopdf_fonts_zh_cn"
FONTS = """<?xml version="1.0"?>
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir>{fonts}</dir>
  <cachedir>{cache}</cachedir>
</fontconfig>
"""


class NoChromium(Exception):
    """There is no Chromium that runs; the text says what to do."""


def find() -> Path:
    """Return the path of a Chromium that says its version; raises NoChromium.

    An Ubuntu package may be a stub that only asks for a snap: so it is run, not just looked at.
    """
    if program := programs.find(NAMES, environment=ENVIRONMENT):
        return program
    named = os.environ.get(ENVIRONMENT)
    raise NoChromium(
        f"Chromium was not found{f' at {named}' if named else ''}: `apt-get install chromium`, "
        f"or name one: {ENVIRONMENT}=/path/to/chromium"
    )


@contextmanager
def launched(*, scratch: Path) -> Iterator[Browser]:
    """Give a headless browser that shows Chinese on a machine without fonts; raises NoChromium."""
    chromium = find()
    fonts = scratch / "fonts.conf"
    fonts.write_text(FONTS.format(fonts=_font_folder(), cache=scratch / "font-cache"))
    as_root = ["--no-sandbox"] if os.geteuid() == 0 else []  # Chromium's sandbox refuses root
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium,
            args=[*as_root, "--disable-dev-shm-usage"],
            env={**os.environ, "FONTCONFIG_FILE": str(fonts), "HOME": str(scratch)},
        )
        try:
            yield browser
        finally:
            browser.close()


def _font_folder() -> str:
    package = importlib.util.find_spec(FONT_PACKAGE)
    return str(next(iter(package.submodule_search_locations or ()), "")) if package else ""


def main() -> None:
    """Print where Chromium is."""
    try:
        sys.stdout.write(f"{find()}\n")
    except NoChromium as why:
        sys.exit(str(why))


if __name__ == "__main__":
    main()
