"""How much one client, and all of them together, may ask of the server.

A client is known by a keyed hash of its address, held in memory for a minute or two; the key is thrown away every
hour, so that a hash can't be traced back or followed. The counting is the `limits` library's; the size of a
body is `bot.body_limit`'s, the time of an answer `bot.desk`'s.
"""

import asyncio
import hashlib
import ipaddress
import math
import secrets
import time
from collections.abc import Callable

from fastapi import FastAPI
from limits import RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import SlidingWindowCounterRateLimiter
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.problems import problem_response
from bot.settings import Settings

SALT_LIFE_S = 3600
IPV6_PREFIX = 64
"""One IPv6 customer has at least this network to choose addresses from."""


def add_limits(app: FastAPI, settings: Settings) -> None:
    """Put the limits around the whole app; call it before `bot.security.add_security`."""
    app.add_middleware(Limits, settings=settings)


class ClientKeys:
    """Names for clients that say nothing about them: keyed BLAKE2 hashes, the key renewed every `SALT_LIFE_S`."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._renew()

    def key(self, address: str) -> str:
        """The client's name for now: the same for the same address until the salt is renewed.

        IPv6 addresses count by their network ("2001:db8::1" and "2001:db8::2" are one client).
        """
        if self._clock() - self._renewed_at > SALT_LIFE_S:
            self._renew()
        return hashlib.blake2b(_network(address).encode(), key=self._salt, digest_size=16).hexdigest()

    def _renew(self) -> None:
        self._salt = secrets.token_bytes(32)
        self._renewed_at = self._clock()


class Limits:
    """ASGI middleware over everything that asks (POST and the like); pages and files pass freely.

    Each worker allows its share of the limits, so that they hold for all together (up to a request a worker).
    429 over `rate_limit_per_minute` for one client; 503 over `max_concurrent` for all; 408 for a body that is not
    there within `body_timeout_s`.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self._settings = settings
        self._clients = ClientKeys()
        self._limiter = SlidingWindowCounterRateLimiter(MemoryStorage())
        self._rate = RateLimitItemPerMinute(math.ceil(settings.rate_limit_per_minute / settings.workers) or 1)
        self._max_under_way = math.ceil(settings.max_concurrent / settings.workers)
        self._under_way = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] in ("GET", "HEAD", "OPTIONS"):
            await self.app(scope, receive, send)
            return
        retry_after_s = await self._seconds_to_wait(scope)
        if retry_after_s:
            response = problem_response(429, "too_many", headers={"Retry-After": str(retry_after_s)})
            await response(scope, receive, send)
        elif self._under_way >= self._max_under_way:
            await problem_response(503, "too_busy", headers={"Retry-After": "2"})(scope, receive, send)
        else:
            self._under_way += 1
            try:
                await self._serve(scope, receive, send)
            finally:
                self._under_way -= 1

    async def _seconds_to_wait(self, scope: Scope) -> int:
        """Count the request; 0 when it may go on."""
        if not self._settings.rate_limit_per_minute:
            return 0
        client = scope.get("client")
        key = self._clients.key(client[0] if client else "")
        if await self._limiter.hit(self._rate, key):
            return 0
        stats = await self._limiter.get_window_stats(self._rate, key)
        return max(1, math.ceil(stats.reset_time - time.time()))

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        deadline = time.monotonic() + self._settings.body_timeout_s
        complete = refused = False

        async def receive_in_time() -> Message:
            nonlocal complete, refused
            if complete:
                return await receive()
            try:
                async with asyncio.timeout(max(0, deadline - time.monotonic())):
                    message = await receive()
            except TimeoutError:
                complete = refused = True
                await problem_response(408, "body_too_slow", headers={"Connection": "close"})(scope, receive, send)
                return {"type": "http.disconnect"}
            complete = not message.get("more_body", False)
            return message

        async def send_unless_refused(message: Message) -> None:
            if not refused:
                await send(message)

        try:
            await self.app(scope, receive_in_time, send_unless_refused)
        except Exception:
            if not refused:
                raise


def _network(address: str) -> str:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:  # a socket file, or a test's name
        return address
    if parsed.version == 4:
        return address
    if mapped := parsed.ipv4_mapped:
        return str(mapped)
    return str(ipaddress.ip_network((int(parsed), IPV6_PREFIX), strict=False))
