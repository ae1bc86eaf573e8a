"""Keeping uploads."""

import hashlib
from collections.abc import Mapping
from os import SEEK_END
from typing import BinaryIO

from sqlalchemy.orm import Session

from portal import clock
from portal.errors import Invalid
from portal.files import storage
from portal.files.codecs import UNPLAYABLE, codecs
from portal.files.content import (
    DOCUMENTS,
    VIDEO,
    VIDEO_HEAD,
    examine,
    examine_video,
)
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
    kinds: Mapping[str, str] = DOCUMENTS,
) -> StoredFile:
    """Examine an upload and keep it; the bytes are written before the row.

    Args:
        place: address of the storage.
        limit: bytes.
        kinds: as `content.examine` takes them.

    Raises:
        Invalid: as `content.examine` says.
    """
    content = examine(name, data, limit=limit, kinds=kinds)
    digest = hashlib.sha256(content.data).hexdigest()
    storage.put(place, tenant_id, digest, content.data)
    return _note(
        session,
        StoredFile(
            owner_id=owner_id,
            tenant_id=tenant_id,
            digest=digest,
            name=content.name,
            media_type=content.media_type,
            size=len(content.data),
            created_at=clock.now(),
        ),
    )


def keep_video(
    session: Session,
    name: str,
    stream: BinaryIO,
    *,
    owner_id: int,
    tenant_id: int,
    place: str,
    limit: int,
) -> StoredFile:
    """Look at a video and keep it, without having all of it in memory.

    Args:
        stream: one that can be read from any place.
        place: address of the storage.
        limit: bytes.

    Raises:
        Invalid: as `content.examine_video` says, or browsers cannot play it.
    """
    size = stream.seek(0, SEEK_END)
    stream.seek(0)
    shown = examine_video(name, stream.read(VIDEO_HEAD), size, limit=limit)
    if codecs(stream) & UNPLAYABLE:
        raise Invalid("video_refused", name=shown)
    stream.seek(0)
    digest = _digest(stream)
    stream.seek(0)
    storage.put(place, tenant_id, digest, stream)
    return _note(
        session,
        StoredFile(
            owner_id=owner_id,
            tenant_id=tenant_id,
            digest=digest,
            name=shown,
            media_type=VIDEO,
            size=size,
            created_at=clock.now(),
        ),
    )


def _digest(stream: BinaryIO) -> str:
    found = hashlib.sha256()
    while piece := stream.read(storage.PIECE):
        found.update(piece)
    return found.hexdigest()


def _note(session: Session, stored: StoredFile) -> StoredFile:
    session.add(stored)
    session.flush()
    return stored
