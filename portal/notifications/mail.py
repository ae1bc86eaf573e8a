"""A notice as mail: how it is written, and the way it goes.

The same notice to the same person always has the same Message-ID, so that a mail that
was sent twice, because the portal fell between sending and noting it, is one mail to
most programs. An address or a title that would add a header is refused.
"""

import smtplib
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from email.headerregistry import Address
from email.message import EmailMessage
from typing import Any, Protocol
from urllib.parse import urlparse

TIMEOUT = 10
"""Seconds to wait for the mail server."""


class Refused(Exception):
    """This mail cannot be delivered, now or later; the others can."""


class Post(Protocol):
    """What takes mails away."""

    def send(self, message: EmailMessage, to: str) -> None:
        """Send one.

        Raises:
            Refused: the server will not have this one.
            OSError: the server does not answer.
        """


OpenPost = Callable[[Mapping[str, Any]], AbstractContextManager[Post]]
"""Opens the way, by the configuration."""


class SmtpPost:
    """An open connection to the mail server."""

    def __init__(self, server: smtplib.SMTP) -> None:
        self._server = server

    def send(self, message: EmailMessage, to: str) -> None:
        """Send one mail."""
        try:
            self._server.send_message(message, to_addrs=[to])
        except smtplib.SMTPRecipientsRefused as error:
            raise Refused(str(error)) from error
        except smtplib.SMTPResponseException as error:
            if 500 <= error.smtp_code < 600:
                raise Refused(str(error)) from error
            raise


@contextmanager
def smtp(config: Mapping[str, Any]) -> Iterator[Post]:
    """The mail server of the configuration."""
    kind = smtplib.SMTP_SSL if config["MAIL_SECURITY"] == "ssl" else smtplib.SMTP
    server = kind(config["MAIL_SERVER"], config["MAIL_PORT"], timeout=TIMEOUT)
    with server:
        if config["MAIL_SECURITY"] == "starttls":
            server.starttls()
        if config["MAIL_USER"]:
            server.login(config["MAIL_USER"], config["MAIL_PASSWORD"])
        yield SmtpPost(server)


def compose(
    *, sender: str, site: str, to: str, subject: str, text: str, message_id: str
) -> EmailMessage:
    """Write a mail in plain text.

    Raises:
        Refused: the address is none, or a header would not be one line.
    """
    message = EmailMessage()
    try:
        message["From"] = Address(site, addr_spec=sender)
        message["To"] = Address(addr_spec=to)
        message["Subject"] = subject
        message["Message-ID"] = message_id
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(text)
    except (ValueError, IndexError) as error:
        raise Refused(f"{type(error).__name__}: {error}") from error
    return message


def message_id(notice_id: int, user_id: int, base_url: str) -> str:
    """The name of this mail, the same at each try."""
    host = urlparse(base_url).hostname or "localhost"
    return f"<notice-{notice_id}-{user_id}@{host}>"
