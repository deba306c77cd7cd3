"""The address to listen on, taken before anything slow is loaded."""

import socket


class ListenError(Exception):
    """The address can't be listened on; the message says which, why, and what to do."""


def open_socket(host: str, port: int) -> socket.socket:
    """A socket bound to the address, not yet listening.

    :param port: 0 lets the system pick a free one.
    :raises ListenError: when the port is in use or not allowed, or the host is not this machine's.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, kind, protocol)
    except OSError as error:
        raise ListenError(f"cannot listen on {host!r} ({error.strerror}): name an address of this machine") from error
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
    except OSError as error:
        listener.close()
        reason = f"cannot listen on {host}:{port} ({error.strerror})"
        raise ListenError(f"{reason}: stop the program that does, or choose another with --port") from error
    return listener
