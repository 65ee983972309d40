"""The one law: import only rightwards."""

import pytest
from importlinter import cli


def test_the_contracts_of_the_project_file_are_kept(
    monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(request.config.rootpath)
    status = cli.lint_imports(no_cache=True)
    assert status == cli.EXIT_STATUS_SUCCESS, capsys.readouterr().out
