"""One call to DingTalk's API and what came of it, as a verdict; never raises for what the network does."""

from typing import Any

from bot.platforms.dingtalk.api import Api
from bot.platforms.dingtalk.outcomes import Verdict, judge, judge_failure
from bot.platforms.http import WireError


async def asked(api: Api, method: str, path: str, *, body: dict[str, Any]) -> Verdict:
    """Call the new API and judge the answer."""
    try:
        return judge(await api.ask(method, path, body), *api.secrets)
    except WireError as failure:
        return judge_failure(failure)


async def posted(api: Api, webhook: str, body: dict[str, Any]) -> Verdict:
    """Post to a session or to a custom robot and judge the answer."""
    try:
        return judge(await api.say(webhook, body), *api.secrets)
    except WireError as failure:
        return judge_failure(failure)
