"""The worker: sweeps, does what is due, sleeps until a message or the next sweep."""

import logging
import os
import signal
from threading import Timer
from types import FrameType
from typing import NoReturn

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from portal.db import db
from portal.jobs.running import Stopped, run_next
from portal.jobs.sweeping import ask_for_periodic, sweep
from portal.jobs.transport import messages

logger = logging.getLogger(__name__)

SWEEP = 3.0
"""Seconds between two sweeps: what a lost message costs at most."""

GRACE = 1.0
"""Seconds from the signal to the end, whatever hangs."""


def drain(app: Flask) -> int:
    """Sweep, then do all jobs that are due; return how many were done."""
    plugins = app.extensions["portal_plugins"]
    done = 0
    with app.app_context():
        sweep(db.sessionmaker)
        ask_for_periodic(db.sessionmaker)
        while run_next(db.sessionmaker, plugins):
            done += 1
    return done


def work(app: Flask) -> None:
    """Work until SIGTERM or Ctrl-C. A job at hand is put back and done by the next."""
    stop_on_signals()
    queue = messages(app)
    try:
        while True:
            try:
                drain(app)
            except SQLAlchemyError as error:
                logger.error("The database does not answer: %s", error)
            queue.wait(SWEEP)
    except Stopped:
        return


def stop_on_signals() -> None:
    """Raise `Stopped` wherever the worker is, and end by force when that is vain."""

    def stop(_number: int, _frame: FrameType | None) -> NoReturn:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_IGN)
        last = Timer(GRACE, os._exit, (0,))
        last.daemon = True
        last.start()
        raise Stopped

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
