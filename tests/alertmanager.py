"""Prometheus Alertmanager, a client of WeCom's API that nobody here wrote: found on the machine, and run.

`python -m tests.alertmanager` prints where it is, or says what to do and ends with 1.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests import programs

ENVIRONMENT = "BANZHANG_TEST_ALERTMANAGER"
NAMES = ("prometheus-alertmanager", "alertmanager")  # Debian's name, and its own
CONFIG = """
route: {{receiver: wecom, group_wait: 0s, group_interval: 1s, repeat_interval: 1h}}
receivers:
  - name: wecom
    wechat_configs:
      - api_url: {api}/cgi-bin/
        corp_id: {corp}
        api_secret: {secret}
        agent_id: "{agent}"
        to_user: {user}
        message: '{{{{ range .Alerts}}}}{{{{.Labels.alertname}}}}：{{{{.Annotations.summary}}}}{{{{end}}}}'
"""


class NoAlertmanager(Exception):
    """There is none that runs; the text says what to do."""


def find() -> Path:
    """Return the path of an Alertmanager that says its version; raises NoAlertmanager."""
    if program := programs.find(NAMES, environment=ENVIRONMENT):
        return program
    named = os.environ.get(ENVIRONMENT)
    raise NoAlertmanager(
        f"Alertmanager was not found{f' at {named}' if named else ''}: "
        f"`apt-get install prometheus-alertmanager`, or name one: {ENVIRONMENT}=/path/to/alertmanager"
    )


@contextmanager
def running(folder: Path, *, port: int, **given: object) -> Iterator[str]:
    """Run one on loopback; `given` fills CONFIG. Gives its URL; raises NoAlertmanager."""
    program = find()
    config = folder / "alertmanager.yml"
    config.write_text(CONFIG.format(**given), encoding="utf-8")
    command = [
        str(program),
        f"--config.file={config}",
        f"--storage.path={folder / 'alertmanager'}",
        f"--web.listen-address=127.0.0.1:{port}",
        "--cluster.listen-address=",
    ]
    with (folder / "alertmanager.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, env=_surroundings())
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait()


def _surroundings() -> dict[str, str]:
    """No proxy stands between it and loopback."""
    return {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}


def main() -> None:
    """Print where Alertmanager is."""
    try:
        sys.stdout.write(f"{find()}\n")
    except NoAlertmanager as why:
        sys.exit(str(why))


if __name__ == "__main__":
    main()
