"""Table of uploaded files."""

from datetime import datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, TenantScoped, person


class StoredFile(TenantScoped, Base):
    """A file that someone uploaded; the bytes lie under their digest."""

    __tablename__ = "stored_file"
    __table_args__ = (Index("ix_stored_file_digest", "tenant_id", "digest"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[int] = person("owner")
    digest: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the stored bytes, in hexadecimal."""
    name: Mapped[str] = mapped_column(String(255))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    """Bytes."""
    created_at: Mapped[datetime]
