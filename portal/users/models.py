"""Tables of people and their ways in."""

from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, Numeric, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base, TenantScoped, person


class UserState(StrEnum):
    """Whether a person can log in."""

    INVITED = "invited"
    ACTIVE = "active"
    SUSPENDED = "suspended"


class User(TenantScoped, Base):
    """A person of one county. What they are is said by postings and roles.

    The ID number is stored encrypted; `id_no_digest` finds it by exact match and
    `id_no_masked` is all that pages show (promise V24).
    """

    __tablename__ = "user"
    __table_args__ = (
        UniqueConstraint("tenant_id", "username_key"),
        UniqueConstraint("tenant_id", "id_no_digest"),
        Index("ix_user_mobile", "tenant_id", "mobile"),
        Index("ix_user_email_key", "tenant_id", "email_key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(String(64))
    username_key: Mapped[str] = mapped_column(String(64))
    """The user name as `normalise_name` makes it: look-alikes collide (V30)."""
    name: Mapped[str] = mapped_column(String(64))
    mobile: Mapped[str | None] = mapped_column(String(20))
    email: Mapped[str | None] = mapped_column(String(254))
    email_key: Mapped[str | None] = mapped_column(String(254))
    password_hash: Mapped[str | None] = mapped_column(String(255))
    state: Mapped[UserState] = mapped_column(String(16), default=UserState.INVITED)
    id_no_encrypted: Mapped[str | None] = mapped_column(String(255))
    id_no_digest: Mapped[str | None] = mapped_column(String(64))
    id_no_masked: Mapped[str | None] = mapped_column(String(18))
    sex: Mapped[str | None] = mapped_column(String(8))
    birth_date: Mapped[date | None]
    stage_code: Mapped[str | None] = mapped_column(String(8))
    subject_code: Mapped[str | None] = mapped_column(String(32))
    degree: Mapped[str | None] = mapped_column(String(16))
    title: Mapped[str | None] = mapped_column(String(32))
    teacher_tier: Mapped[str | None] = mapped_column(String(16))
    locale: Mapped[str | None] = mapped_column(String(16))
    scheme: Mapped[str | None] = mapped_column(String(8))
    """Light or dark where the person chose; None follows the device."""
    extra_time: Mapped[Decimal] = mapped_column(Numeric(4, 2), default=Decimal(1))
    """Factor on time limits for this person (1.00 is none)."""
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime | None]

    # What Flask-Login asks of a user. The id in the cookie is the token of a
    # login session, so that a session can be ended from another device (V15).
    is_authenticated = True
    is_anonymous = False
    login_token = ""
    login_seen_at = datetime.min.replace(tzinfo=UTC)
    """When that session was last seen, so that it is written down only at times."""

    @property
    def is_active(self) -> bool:
        """Whether the person may be logged in."""
        return self.state == UserState.ACTIVE

    def get_id(self) -> str:
        """The token of the login session through which the person came."""
        return self.login_token


class LoginSession(Base):
    """One device on which a person is logged in; deleting it logs them out."""

    __tablename__ = "login_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = person("owner")
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    device: Mapped[str] = mapped_column(String(200), default="")

    user: Mapped[User] = relationship(lazy="joined", innerjoin=True)


class LoginFailure(Base):
    """A wrong password, kept for a while to slow down guessing (promise V23).

    `account` is a keyed digest of what was typed, so that the table tells nobody
    which accounts exist.
    """

    __tablename__ = "login_failure"
    __table_args__ = (
        Index("ix_login_failure_account_at", "account", "at"),
        Index("ix_login_failure_address_at", "address", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    tenant_id: Mapped[int] = mapped_column(ForeignKey("tenant.id"))
    account: Mapped[str] = mapped_column(String(64))
    address: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]


class ActivationCode(Base):
    """A code on paper with which a person sets a password, once.

    Only a keyed digest is stored; a newer code of the same person ends the older.
    """

    __tablename__ = "activation_code"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = person("owner")
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    made_by_id: Mapped[int | None] = person("mention")
