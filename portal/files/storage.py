"""Where the bytes lie: a local folder or S3, by configuration, under their digest."""

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO
from urllib.parse import urlparse
from urllib.request import url2pathname

import obstore
from obstore.store import LocalStore, ObjectStore, from_url


@lru_cache(maxsize=8)
def storage(url: str) -> ObjectStore:
    """The store of an address: `file:///…` or `s3://bucket/prefix`."""
    if url.startswith("file:"):
        folder = Path(url2pathname(urlparse(url).path))
        return LocalStore(folder, mkdir=True)
    return from_url(url)


def path_of(tenant_id: int, digest: str) -> str:
    """The path of a file: by tenant, then by digest, so that equal bytes lie once."""
    return f"{tenant_id}/{digest[:2]}/{digest}"


PIECE = 256 * 1024
"""Bytes that are in memory at once while a file is sent."""


def put(url: str, tenant_id: int, digest: str, content: bytes | BinaryIO) -> None:
    """Store the bytes, or what a stream holds; the same again changes nothing."""
    obstore.put(storage(url), path_of(tenant_id, digest), content)


def get(url: str, tenant_id: int, digest: str) -> bytes:
    """The stored bytes.

    Raises:
        FileNotFoundError: they are gone.
    """
    return bytes(obstore.get(storage(url), path_of(tenant_id, digest)).bytes())


def pieces(
    url: str, tenant_id: int, digest: str, start: int, end: int
) -> Iterator[bytes]:
    """The stored bytes `[start, end)`, read while they are sent.

    Raises:
        FileNotFoundError: they are gone; raised at once, not at the first piece.
    """
    path = path_of(tenant_id, digest)
    found = obstore.get(storage(url), path, options={"range": (start, end)})
    return (bytes(piece) for piece in found.stream(min_chunk_size=PIECE))
