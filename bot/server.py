"""The web server: one bot behind the API and the chat, on one port."""

import sys

import uvicorn
from fastapi import FastAPI

from bot.api import create_app
from bot.create import create_bot
from bot.desk import AnswersQuestions
from bot.limits import add_limits
from bot.listen import open_socket
from bot.security import add_security
from bot.settings import Settings
from bot.widget import add_widget


def create_server(settings: Settings, bot: AnswersQuestions | None = None) -> FastAPI:
    """Everything that is served: the API's routes, and the chat at `/` for the rest.

    :param bot: one made elsewhere (a test's fake); else `create_bot(settings)`, which takes seconds.
    """
    from bot.ui import build_ui, mount_ui  # Gradio takes seconds to import, and the API alone does without it

    bot = bot or create_bot(settings)
    app = create_app(bot, settings)
    add_widget(app, bot)
    mount_ui(app, build_ui(app.state.desk))
    add_limits(app, settings)
    add_security(app, settings)
    return app


def run(settings: Settings) -> None:
    """Serve until stopped.

    :raises ListenError: when the address can't be listened on; found out before the models are loaded.
    """
    listener = open_socket(settings.host, settings.port)
    app = create_server(settings)
    host, port = listener.getsockname()[:2]
    print(f"Sidesvar: http://{f'[{host}]' if ':' in host else host}:{port}{settings.root_path}/", file=sys.stderr)  # noqa: T201
    config = uvicorn.Config(app, root_path=settings.root_path, log_level="warning", server_header=False)
    uvicorn.Server(config).run(sockets=[listener])
