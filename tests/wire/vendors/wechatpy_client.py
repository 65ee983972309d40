"""wechatpy's own client for self-built apps behind a pipe: it blocks, so it has a process of its own.

Reads `{"number", "do", "with"}` lines, calls the method of that dotted name, writes what it returns. Its
gettoken URL is fixed, so the two addresses are told to it; everything else is as wechatpy has it.
"""

import base64
import io
import json
import os
import sys
from typing import Any

from wechatpy.enterprise import WeChatClient
from wechatpy.exceptions import WeChatClientException


class Client(WeChatClient):  # type: ignore[misc] # wechatpy has no types
    """The client, pointed at the sandbox."""

    API_BASE_URL = os.environ["VENDOR_API"]

    def fetch_access_token(self) -> Any:
        """Fetch a token from there."""
        query = {"corpid": self.corp_id, "corpsecret": self.secret}
        return self._fetch_access_token(url=f"{self.API_BASE_URL}gettoken", params=query)


def obey(client: Client, order: dict[str, Any]) -> dict[str, Any]:
    """Call a method and return the line that tells its result."""
    given = [_file(one) for one in order["with"]]
    try:
        if order["do"] == "download":
            response = client.get("media/get", params={"media_id": given[0]})
            result: Any = base64.b64encode(response.content).decode()
        elif order["do"] == "post":
            result = client.post(given[0], data=given[1])
        else:
            part, _, name = order["do"].partition(".")
            result = getattr(getattr(client, part), name)(*given)
    except WeChatClientException as error:
        return {"done": order["number"], "failed": f"{error.errcode} {error.errmsg}"}
    return {"done": order["number"], "result": result}


def _file(given: Any) -> Any:
    """`{"name", "base64"}` stands for an open file."""
    if not isinstance(given, dict) or set(given) != {"name", "base64"}:
        return given
    file = io.BytesIO(base64.b64decode(given["base64"]))
    file.name = given["name"]
    return file


def main() -> None:
    """Obey until the input ends."""
    corp, secret = os.environ["VENDOR_CORP"], os.environ["VENDOR_SECRET"]
    client = Client(corp, secret, timeout=10, auto_retry=True)
    for line in sys.stdin:
        sys.stdout.write(json.dumps(obey(client, json.loads(line))) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
