"""Several processes behind one address, each with the models loaded and answering its share of the questions.

The system hands a connection to whichever worker takes it first, so nothing may be kept in one worker's memory that the
next request needs: `bot.limits` lets each worker allow its share, `/metrics` sums over all of them through files, and
the chat page does without its queue (`bot.ui`).
"""

import logging
import os
import socket
import sys
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from tempfile import TemporaryDirectory

from fastapi import FastAPI
from uvicorn import Config
from uvicorn.config import STARTUP_FAILURE
from uvicorn.supervisors import Multiprocess

from bot.settings import Settings

logger = logging.getLogger(__name__)

HEALTH_TIMEOUT_S = 60
"""A worker that says nothing for so long is replaced; loading the models on a busy machine takes a part of it."""


class WorkersError(Exception):
    """The workers can't start; the message is that of the failure that each of them would meet."""


def run_workers(settings: Settings, listener: socket.socket, config: Config) -> None:
    """Serve with `settings.workers` processes until SIGTERM or SIGINT; each finishes its answers under way.

    :param config: how to serve; its `app` is replaced.
    :raises WorkersError: when the bot can't be made. Found out in one process, which also builds the index when that
        is missing or stale, so that the workers find it ready.
    """
    # Workers end by SIGTERM, when uvicorn is done with it, and so leave their locks to the tracker: no news.
    sys.warnoptions.append("ignore:resource_tracker:UserWarning")
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as one:
        if failure := one.submit(_prepare, settings).result():
            raise WorkersError(failure)
    config.app = partial(create_worker, settings)
    config.factory = True
    config.workers = settings.workers
    config.timeout_worker_healthcheck = HEALTH_TIMEOUT_S
    with TemporaryDirectory(prefix="sidesvar-metrics-") as folder:
        os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", folder)  # prometheus_client's switch; the workers inherit it
        _Workers(config, sockets=[listener]).run()


class _Workers(Multiprocess):
    """uvicorn's, but with its own hold on the socket given up first: else the system goes on taking connections that
    no worker is there for."""

    def terminate_all(self) -> None:
        for listener in self.sockets:
            listener.close()
        super().terminate_all()


def create_worker(settings: Settings) -> FastAPI:
    """The server of one worker; a failure that can be expected ends all of them."""
    from bot.cli import set_up_logging
    from bot.failures import EXPECTED
    from bot.server import create_server

    set_up_logging()
    try:
        return create_server(settings)
    except EXPECTED as error:
        logger.error("%s", error)
        sys.exit(STARTUP_FAILURE)


def _prepare(settings: Settings) -> str:
    """Make the bot once; gives "" or the failure."""
    from bot.cli import set_up_logging
    from bot.create import create_bot
    from bot.failures import EXPECTED

    set_up_logging()
    try:
        create_bot(settings)
    except EXPECTED as error:
        return str(error) or type(error).__name__
    return ""
