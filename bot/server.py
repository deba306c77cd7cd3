"""The web server: one bot behind the API and the chat, on one port."""

import math
import socket
import sys

import uvicorn
from fastapi import FastAPI
from starlette.middleware.trustedhost import TrustedHostMiddleware

from bot.api import create_app
from bot.create import create_bot
from bot.desk import AnswersQuestions
from bot.limits import add_limits
from bot.listen import open_socket
from bot.security import add_security
from bot.settings import OWN_MACHINE, Settings
from bot.widget import add_widget
from bot.workers import run_workers

STOP_EXTRA_S = 5
"""What stopping may take beyond the longest answer: then what still holds a connection open is ended."""


def create_server(settings: Settings, bot: AnswersQuestions | None = None) -> FastAPI:
    """Everything that is served: the API's routes, and the chat at `/` for the rest.

    :param bot: one made elsewhere (a test's fake); else `create_bot(settings)`, which takes seconds.
    """
    from bot.ui import build_ui, mount_ui  # Gradio takes seconds to import, and the API alone does without it

    bot = bot or create_bot(settings)
    app = create_app(bot, settings)
    add_widget(app, bot)
    mount_ui(app, build_ui(app.state.desk))
    if settings.editor_tab:  # a page elsewhere that names this machine by another name, and a proxy, are turned away
        app.add_middleware(TrustedHostMiddleware, allowed_hosts=[*OWN_MACHINE], www_redirect=False)
    add_limits(app, settings)
    add_security(app, settings)
    return app


def run(settings: Settings) -> None:
    """Serve until stopped; answers under way are finished first.

    :raises ListenError: when the address can't be listened on; found out before the models are loaded.
    :raises WorkersError: when there are to be several workers, and they can't start.
    """
    listener = open_socket(settings.host, settings.port)
    if settings.workers > 1:
        _tell_address(settings, listener)
        run_workers(settings, listener, server_config(settings))
        return
    app = create_server(settings)
    _tell_address(settings, listener)
    uvicorn.Server(server_config(settings, app)).run(sockets=[listener])


def server_config(settings: Settings, app: FastAPI | None = None) -> uvicorn.Config:
    """How uvicorn serves: whose X-Forwarded-For counts, the path prefix, and how long stopping takes."""
    return uvicorn.Config(
        app or FastAPI(),
        root_path=settings.root_path,
        log_level="warning",
        server_header=False,
        forwarded_allow_ips=list(settings.trusted_proxies),
        timeout_graceful_shutdown=math.ceil(settings.answer_timeout_s) + STOP_EXTRA_S,
    )


def _tell_address(settings: Settings, listener: socket.socket) -> None:
    host, port = listener.getsockname()[:2]
    print(f"Sidesvar: http://{f'[{host}]' if ':' in host else host}:{port}{settings.root_path}/", file=sys.stderr)  # noqa: T201
