"""Configuration: defaults here, then `instance/portal.cfg`, then `PORTAL_*`.

Every key is documented in `docs/reference/configuration.md`, which a test
compares with this module. No secret has a default outside testing.
"""

import os
import warnings
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask

SECRETS = ("SECRET_KEY", "ID_NUMBER_KEY", "CODE_PEPPER")

DEFAULTS: dict[str, Any] = {
    # Where things are. None: below the instance folder.
    "DATABASE_URL": None,
    "UPLOADS_URL": None,
    "THEMES_DIR": None,
    # Secrets: no default; `manage.py run` writes them into instance/portal.cfg.
    "SECRET_KEY": None,
    "ID_NUMBER_KEY": None,
    "CODE_PEPPER": None,
    # Addresses. A link in a mail is built from BASE_URL and from nothing else.
    "BASE_URL": "http://127.0.0.1:8000",
    "TRUSTED_HOSTS": ["127.0.0.1", "localhost", "[::1]"],
    # The address of the reverse proxy whose X-Forwarded-… headers are believed.
    "TRUSTED_PROXY": None,
    # Limits of one request and of one file, in bytes.
    "MAX_CONTENT_LENGTH": 64 * 1024 * 1024,
    "MAX_FORM_MEMORY_SIZE": 2 * 1024 * 1024,
    "MAX_FILE_SIZE": 20 * 1024 * 1024,
    "MAX_VIDEO_SIZE": 60 * 1024 * 1024,
    # Sessions. 14 days idle, so that nobody logs in before a deadline in vain.
    "SESSION_IDLE": timedelta(days=14),
    "SESSION_COOKIE_NAME": "portal",
    "SESSION_COOKIE_SECURE": False,
    "SESSION_COOKIE_HTTPONLY": True,
    "SESSION_COOKIE_SAMESITE": "Lax",
    "PERMANENT_SESSION_LIFETIME": timedelta(days=14),
    "WTF_CSRF_TIME_LIMIT": None,
    "WTF_CSRF_SSL_STRICT": True,
    # Passwords: Argon2id tuned to about 50 ms on a small server.
    "ARGON2_TIME_COST": 2,
    "ARGON2_MEMORY_KIB": 32 * 1024,
    "ACTIVATION_DAYS": 30,
    # Behaviour.
    "DEFAULT_LOCALE": "zh_Hans_CN",
    "MAIL_SERVER": None,
    "MAIL_PORT": 25,
    "MAIL_SENDER": None,
    "MAIL_SECURITY": None,
    "MAIL_USER": None,
    "MAIL_PASSWORD": None,
    "RATELIMIT_STORAGE_URI": "memory://",
    "PROPAGATE_PLUGIN_ERRORS": False,
    "TRACE_HOOKS": False,
    "JOB_WORKERS": 1,
    "JOB_MESSAGES_URL": None,
}


class UnsafeConfiguration(RuntimeError):
    """The portal refuses to start as it is configured (promise P22)."""


def load(app: Flask, overrides: dict[str, Any] | None) -> None:
    """Fill `app.config` and check it.

    Raises:
        UnsafeConfiguration: a secret is missing or the host list is empty.
    """
    app.config.from_mapping(DEFAULTS)
    app.config.from_pyfile("portal.cfg", silent=True)
    _warn_of_unknown_keys()
    app.config.from_prefixed_env("PORTAL")
    app.config.from_mapping(overrides or {})
    _check(app)
    _derive(app)


def _warn_of_unknown_keys() -> None:
    known = {f"PORTAL_{key}" for key in DEFAULTS} | _TOOL_KEYS
    for name in sorted(os.environ):
        unknown = name.startswith("PORTAL_") and name.split("__")[0] not in known
        if unknown and not name.startswith("PORTAL_PLUGIN_"):
            warnings.warn(f"{name} is no setting of the portal.", stacklevel=3)


_TOOL_KEYS = {"PORTAL_CHROMIUM", "PORTAL_TEST_POSTGRESQL", "PORTAL_INSTANCE"}


def _check(app: Flask) -> None:
    missing = [key for key in SECRETS if not app.config[key]]
    if missing:
        raise UnsafeConfiguration(
            f"{', '.join(missing)} must be set in {app.instance_path}/portal.cfg"
            " (`python3 manage.py run` writes it) or as PORTAL_… variables."
        )
    if not app.config["TRUSTED_HOSTS"]:
        raise UnsafeConfiguration("TRUSTED_HOSTS must name the portal's hosts.")


def _derive(app: Flask) -> None:
    instance = Path(app.instance_path)
    url = app.config["DATABASE_URL"] or f"sqlite:///{instance / 'portal.sqlite3'}"
    app.config["SQLALCHEMY_ENGINES"] = {"default": url}
    if not app.config["UPLOADS_URL"]:
        app.config["UPLOADS_URL"] = (instance / "uploads").as_uri()
    if not app.config["THEMES_DIR"]:
        app.config["THEMES_DIR"] = str(instance.parent / "themes")
    secure = app.config["BASE_URL"].startswith("https://")
    app.config["SESSION_COOKIE_SECURE"] = secure
    if secure:
        app.config["SESSION_COOKIE_NAME"] = "__Host-portal"
