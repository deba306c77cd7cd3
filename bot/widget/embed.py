"""The tag that a site's owner pastes, with the lines its security policy needs."""

from urllib.parse import urlsplit

from bot.text import load_text
from bot.widget.script import integrity


class AddressError(ValueError):
    """The server's address can't stand in a tag; the message says what it is and what it should be."""


def embed_tag(server: str, language: str = "da") -> str:
    """The script tag and the link for visitors without JavaScript, as HTML.

    :param server: the server's public address, with its path prefix if it has one.
    :raises AddressError: when that is no http or https address.
    """
    address = _address(server)
    link = load_text(language)["widget.noscript"]
    return (
        f'<script src="{address}/widget.js" integrity="{integrity()}" crossorigin="anonymous" defer></script>\n'
        f'<noscript><a href="{address}/">{link}</a></noscript>'
    )


def policy_lines(server: str) -> str:
    """The sources to add to the site's Content-Security-Policy, a directive a line; no style or image source is needed.

    :raises AddressError: as `embed_tag`.
    """
    parts = urlsplit(_address(server))
    origin = f"{parts.scheme}://{parts.netloc}"
    return f"script-src {origin}\nconnect-src {origin}"


def _address(server: str) -> str:
    parts = urlsplit(server)
    if parts.scheme not in ("http", "https") or not parts.netloc or any(letter in server for letter in "\"'<> ;,"):
        raise AddressError(f"the server's address is {server!r}: give one like https://chat.example.dk")
    return f"{parts.scheme}://{parts.netloc}{parts.path}".rstrip("/")
