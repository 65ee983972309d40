"""Numbers in the codes that the house itself gives: SP-12 -> 12."""

import re


def in_code(code: str) -> int:
    """Return the number in a code; 0 where there is none, which no thing has."""
    return int(re.sub(r"\D", "", code) or 0)
