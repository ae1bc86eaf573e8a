"""A county: the wall of isolation, and the owner of schemes and rules."""

from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import JSON, Select, String, bindparam, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from portal.db import Base


class Tenant(Base):
    """A county (district) with its own people, schemes and look."""

    __tablename__ = "tenant"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(32), unique=True)
    name: Mapped[str] = mapped_column(String(64))
    host: Mapped[str | None] = mapped_column(String(253), unique=True)
    """The host name it answers to; None answers to every trusted host left over."""
    site_title: Mapped[str] = mapped_column(String(64))
    time_zone: Mapped[str] = mapped_column(String(64), default="Asia/Shanghai")
    locale: Mapped[str] = mapped_column(String(16), default="zh_Hans_CN")
    settings: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)

    @property
    def zone(self) -> ZoneInfo:
        """The time zone in which its days begin."""
        return ZoneInfo(self.time_zone)


S = TypeVar("S", bound=Select[*tuple[Any, ...]])


def of_host(found: S) -> S:
    """Limit a select to the tenant of `:host`, else the one that answers to any."""
    return (
        found.where((Tenant.host == bindparam("host")) | Tenant.host.is_(None))
        .order_by(Tenant.host.is_(None), Tenant.id)
        .limit(1)
    )


_OF_HOST = of_host(select(Tenant))


def find_tenant(session: Session, host: str) -> Tenant | None:
    """The tenant of a host name, else the one that answers to any host."""
    return session.scalars(_OF_HOST, {"host": host}).first()
