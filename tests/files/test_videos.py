"""Videos that are kept: known by their first bytes, and never whole in memory."""

from io import BytesIO
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from portal.errors import Invalid
from portal.files import service, storage
from portal.files.models import StoredFile
from portal.tenants import Tenant
from portal.users.models import User

MP4 = b"\0\0\0\x20ftypisom\0\0\2\0isomiso2avc1mp41" + b"\0" * 100
HEAD = MP4[:32]


def box(name: bytes, inside: bytes, *, long: bool = False) -> bytes:
    """A box of an mp4; a long one has its size in eight bytes."""
    if long:
        return b"\0\0\0\1" + name + (len(inside) + 16).to_bytes(8, "big") + inside
    return (len(inside) + 8).to_bytes(4, "big") + name + inside


def coded(*names: bytes) -> bytes:
    """The index of a video with tracks of these codecs."""
    tracks = (
        box(b"stsd", b"\0" * 4 + b"\0\0\0\1" + box(name, b"\0" * 4)) for name in names
    )
    return box(b"moov", b"".join(tracks))


def keep(
    session: Session,
    tenant: Tenant,
    owner: User,
    place: Path,
    name: str,
    data: bytes,
) -> StoredFile:
    return service.keep_video(
        session,
        name,
        BytesIO(data),
        owner_id=owner.id,
        tenant_id=tenant.id,
        place=place.as_uri(),
        limit=200,
    )


def test_a_video_is_kept_byte_for_byte(
    session: Session, tenant: Tenant, learner: User, tmp_path: Path
) -> None:
    kept = keep(session, tenant, learner, tmp_path, "../课例.mp4", MP4)

    assert (kept.name, kept.media_type, kept.size) == (
        "课例.mp4",
        "video/mp4",
        len(MP4),
    )
    assert storage.get(tmp_path.as_uri(), tenant.id, kept.digest) == MP4


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("课例.mp4", b"", "file_empty"),
        ("课例.mp4", MP4 * 2, "file_too_large"),
        ("课例.mp4", b"<html><script>", "video_refused"),
        ("课例.mp4", MP4.replace(b"isom", b"heic"), "video_refused"),
        ("课例.mov", MP4.replace(b"isom", b"qt  "), "video_refused"),
        ("课例.html", MP4, "video_refused"),
        ("课例.avi", b"RIFF\0\0\0\0AVI LIST", "video_refused"),
        ("课例.wmv", b"0&\xb2u\x8ef\xcf\x11\xa6\xd9\0\xaa\0b\xcel", "video_refused"),
        ("课例.mp4", HEAD + coded(b"hvc1", b"mp4a"), "video_refused"),
        (
            "课例.mp4",
            HEAD + box(b"mdat", b"\0" * 9, long=True) + coded(b"mp4a", b"hev1"),
            "video_refused",
        ),
    ],
)
def test_what_no_browser_plays_is_refused(
    session: Session,
    tenant: Tenant,
    learner: User,
    tmp_path: Path,
    name: str,
    data: bytes,
    code: str,
) -> None:
    with pytest.raises(Invalid) as refused:
        keep(session, tenant, learner, tmp_path, name, data)

    assert refused.value.code == code
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "data",
    [
        HEAD + coded(b"avc1", b"mp4a"),
        HEAD + box(b"mdat", b"hvc1 stsd") + coded(b"avc1"),
        HEAD + box(b"free", b"") + b"\0\0\0\4moov",
        HEAD + b"\xff\xff\xff\xffmdat\0",
    ],
)
def test_what_may_play_is_kept_whatever_its_boxes_say(
    session: Session, tenant: Tenant, learner: User, tmp_path: Path, data: bytes
) -> None:
    assert keep(session, tenant, learner, tmp_path, "课例.mp4", data).size == len(data)
