"""Requests as bytes over a socket: what no HTTP library would send."""

import socket
from urllib.parse import urlsplit


def send(server: str, *parts: bytes, timeout_s: float = 10) -> tuple[int, bytes, bytes]:
    """Send the parts one after another; gives the status, the head and the body of what comes back, until it closes.

    A connection that is closed without a word has status 0.
    """
    address = urlsplit(server)
    received = b""
    with socket.create_connection((address.hostname, address.port), timeout=timeout_s) as connection:
        for part in parts:
            connection.sendall(part)
        try:
            while piece := connection.recv(65536):
                received += piece
        except ConnectionResetError:
            pass
    head, _, body = received.partition(b"\r\n\r\n")
    return int(head.split(b" ", 2)[1]) if head else 0, head, body


def get(server: str, path: str, **headers: str) -> tuple[int, bytes, bytes]:
    """A GET whose path and headers are sent as they are; `_` in a header's name stands for `-`."""
    told = {"Host": urlsplit(server).netloc, "Connection": "close"}
    told |= {name.replace("_", "-"): value for name, value in headers.items()}
    lines = [f"GET {path} HTTP/1.1", *(f"{name}: {value}" for name, value in told.items()), "", ""]
    return send(server, "\r\n".join(lines).encode("latin-1"))
