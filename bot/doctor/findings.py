"""What the doctor finds: one step, how it went, what was seen, and what a person must do."""

from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """How a step went."""

    GOOD = "good"
    WARN = "warn"  # it runs, and somebody should know
    BAD = "bad"  # it cannot run like this
    SKIP = "skip"  # not looked at, and why


SIGNS = {Verdict.GOOD: "✓", Verdict.WARN: "!", Verdict.BAD: "✗", Verdict.SKIP: "–"}


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One line of the report; `remedy` names the switch, permission or setting as the platform calls it."""

    area: str
    step: str
    verdict: Verdict
    said: str
    remedy: str = ""

    def line(self) -> str:
        """Return the finding as people read it."""
        told = f"{SIGNS[self.verdict]} {self.area} · {self.step}：{self.said}"
        return f"{told}\n    → {self.remedy}" if self.remedy else told


Findings = AsyncIterator[Finding]


@dataclass(frozen=True, kw_only=True)
class Chart:
    """Writes the findings of one area."""

    area: str

    def good(self, step: str, said: str, remedy: str = "") -> Finding:
        """Say that a step is well."""
        return self._finding(Verdict.GOOD, step, said, remedy)

    def warn(self, step: str, said: str, remedy: str = "") -> Finding:
        """Say that somebody should know."""
        return self._finding(Verdict.WARN, step, said, remedy)

    def bad(self, step: str, said: str, remedy: str = "") -> Finding:
        """Say that it cannot run like this."""
        return self._finding(Verdict.BAD, step, said, remedy)

    def skip(self, step: str, said: str, remedy: str = "") -> Finding:
        """Say that a step was not looked at."""
        return self._finding(Verdict.SKIP, step, said, remedy)

    def _finding(self, verdict: Verdict, step: str, said: str, remedy: str) -> Finding:
        return Finding(area=self.area, step=step, verdict=verdict, said=said, remedy=remedy)


def summary(findings: Iterable[Finding]) -> str:
    """Return the last line of the report."""
    seen = [it.verdict for it in findings]
    bad, warn = seen.count(Verdict.BAD), seen.count(Verdict.WARN)
    if not bad and not warn:
        return "都好。"
    return f"{bad} 处必须处理，{warn} 处请留意。" if bad else f"可以运行，{warn} 处请留意。"
