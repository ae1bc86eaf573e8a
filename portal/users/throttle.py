"""Slowing down those who guess, without shutting a school out (V23).

A try is written down as a failure before the password is looked at, and taken back
when it was right, so that many tries at once do not slip through. Failures count

* against the account: five are free, then each waits twice as long as the one
  before, up to five minutes. An account is the person, however they were called;
* against the address (an IPv6 network of 64 bits is one) and the whole portal, with
  limits that two thousand teachers behind one address who mistype do not reach.

A browser in which the person logged in before is counted apart, so that nobody can
keep them out by guessing (OWASP, "device cookies").
"""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.orm import Session

from portal import clock
from portal.errors import TooMany
from portal.users.models import LoginFailure

KEPT = timedelta(hours=1)
FREE = 5
LONGEST = 300
"""Seconds between two tries on one account, at most."""
SPAN = timedelta(minutes=10)
PER_ADDRESS = 400
IN_ALL = 4000
"""Failures within SPAN."""


@dataclass(frozen=True)
class Origin:
    """Where a try comes from, and the key that makes digests of accounts."""

    address: str
    pepper: str


def account_digest(account: str, pepper: str) -> str:
    """What the table keeps of an account; it tells nobody which accounts exist."""
    return hmac.new(pepper.encode(), account.encode(), hashlib.sha256).hexdigest()


def network(address: str) -> str:
    """The address as it is counted: one subscriber has a whole IPv6 network."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address[:64]
    if not isinstance(parsed, IPv6Address):
        return str(parsed)
    if parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return f"{IPv6Address(int(parsed) >> 64 << 64)}/64"


def begin(
    session: Session, account: str, origin: Origin, *, known_browser: bool = False
) -> int:
    """Write a try down; returns its number, for `forgive`.

    Args:
        account: what is tried, as "user:12"; only its digest is kept.
        known_browser: the person logged in with this browser before.

    Raises:
        TooMany: with the seconds to wait.
    """
    now = clock.now()
    session.execute(delete(LoginFailure).where(LoginFailure.at < now - KEPT))
    if known_browser:
        account = f"known:{account}"
    tenant_id = session.info["tenant_id"]
    key = account_digest(f"{tenant_id}:{account}", origin.pepper)
    address = network(origin.address)
    waits = [_account_wait(session, key, now)]
    if not known_browser:
        here = LoginFailure.address == address
        waits.append(_span_wait(session, here, PER_ADDRESS, now))
        waits.append(_span_wait(session, LoginFailure.id > 0, IN_ALL, now))
    if (seconds := max(waits)) > 0:
        raise TooMany(seconds=seconds)
    failure = LoginFailure(tenant_id=tenant_id, account=key, address=address, at=now)
    session.add(failure)
    session.flush()
    return failure.id


def forgive(session: Session, failure_id: int) -> None:
    """Take back a try that was right, and what failed on that account before it."""
    failure = session.get(LoginFailure, failure_id)
    if failure is not None:
        session.execute(
            delete(LoginFailure).where(LoginFailure.account == failure.account)
        )


def _account_wait(session: Session, key: str, now: datetime) -> int:
    times: Sequence[datetime] = session.scalars(
        select(LoginFailure.at)
        .where(LoginFailure.account == key)
        .order_by(LoginFailure.at.desc())
    ).all()
    if len(times) < FREE:
        return 0
    pause = min(2 ** min(len(times) - FREE + 1, 16), LONGEST)
    return _seconds(times[0] + timedelta(seconds=pause) - now)


def _span_wait(
    session: Session, which: ColumnElement[bool], limit: int, now: datetime
) -> int:
    """Seconds until fewer than `limit` failures lie within the span."""
    recent = select(LoginFailure.at).where(which, LoginFailure.at > now - SPAN)
    count = session.scalar(select(func.count()).select_from(recent.subquery())) or 0
    if count < limit:
        return 0
    oldest = session.scalar(
        recent.order_by(LoginFailure.at).offset(count - limit).limit(1)
    )
    return _seconds(oldest + SPAN - now) if oldest else 0


def _seconds(left: timedelta) -> int:
    return max(0, -(-left // timedelta(seconds=1)))
