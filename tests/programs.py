"""Programs of the machine that tests run: found by name, and run once to see that they do."""

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path


def find(names: Sequence[str], *, environment: str) -> Path | None:
    """Return the first of these that says its version; where `environment` names one, that one or none."""
    named = os.environ.get(environment)
    for name in (named,) if named else names:
        place = shutil.which(name)
        if place and _runs(place):
            return Path(place)
    return None


def _runs(place: str) -> bool:
    try:
        asked = subprocess.run([place, "--version"], capture_output=True, timeout=30, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return asked.returncode == 0
