"""Kinds of jobs that exist for one test."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session, sessionmaker

from portal.db import db
from portal.jobs import registry
from portal.jobs.registry import Kind


@pytest.fixture
def kind(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Kind]:
    """`kind("name", function)` registers a kind of job for this test."""

    def register(name: str, work: Any, **options: Any) -> Kind:
        made = Kind(name, work, **options)
        monkeypatch.setitem(registry.KINDS, name, made)
        return made

    return register


@pytest.fixture
def new(app: Flask) -> Iterator[sessionmaker[Session]]:
    """Makes the sessions of a worker."""
    with app.app_context():
        yield db.sessionmaker
