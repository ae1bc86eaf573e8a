"""Keeping uploads."""

import hashlib

from sqlalchemy.orm import Session

from portal import clock
from portal.files import storage
from portal.files.content import examine
from portal.files.models import StoredFile


def keep(
    session: Session,
    name: str,
    data: bytes,
    *,
    owner_id: int,
    tenant_id: int,
    place: str,
    limit: int,
) -> StoredFile:
    """Examine an upload and keep it; the bytes are written before the row.

    Args:
        place: address of the storage.
        limit: bytes.

    Raises:
        Invalid: as `content.examine` says.
    """
    content = examine(name, data, limit=limit)
    digest = hashlib.sha256(content.data).hexdigest()
    storage.put(place, tenant_id, digest, content.data)
    stored = StoredFile(
        owner_id=owner_id,
        tenant_id=tenant_id,
        digest=digest,
        name=content.name,
        media_type=content.media_type,
        size=len(content.data),
        created_at=clock.now(),
    )
    session.add(stored)
    session.flush()
    return stored
