"""Ports of this machine for those who must name theirs before they listen."""

import socket


def free_port() -> int:
    """Return a port that nobody listens on: the system hands out another one each time."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
