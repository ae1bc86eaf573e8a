"""What is kept of an upload: kinds, sizes, disguises, pictures, names."""

from collections.abc import Callable
from io import BytesIO
from struct import pack
from zipfile import ZipFile
from zlib import crc32

import pytest
from PIL import Image, PngImagePlugin

from portal.errors import Invalid
from portal.files.content import LONGEST_SIDE, NAME_LENGTH, display_name, examine

LIMIT = 1024 * 1024
HTML = b"<!doctype html><script>alert(1)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
EXE = b"MZ\x90\x00\x03" + b"\0" * 64
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 64
PDF = b"%PDF-1.7\n%%EOF"


def package(*names: str) -> bytes:
    stream = BytesIO()
    with ZipFile(stream, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return stream.getvalue()


def picture(
    kind: str = "PNG", size: tuple[int, int] = (40, 30), **more: object
) -> bytes:
    stream = BytesIO()
    Image.new("RGB", size, (200, 120, 40)).save(stream, kind, **more)
    return stream.getvalue()


DOCX = package("[Content_Types].xml", "word/document.xml")


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("教案.docx", DOCX),
        ("课件.pptx", package("[Content_Types].xml", "ppt/presentation.xml")),
        ("成绩.xlsx", package("[Content_Types].xml", "xl/workbook.xml")),
        ("通知.doc", OLE + "WordDocument".encode("utf-16-le")),
        ("旧表.xls", OLE + "Book".encode("utf-16-le")),
        ("公文.PDF", PDF),
        ("笔记.txt", "荷花".encode()),
        ("老笔记.txt", "荷花池".encode("gb18030")),
    ],
)
def test_what_teachers_hand_in_is_taken_as_it_is(name: str, data: bytes) -> None:
    assert examine(name, data, limit=LIMIT).data == data


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.png", HTML),
        ("a.jpg", SVG),
        ("a.gif", b"GIF89a" + HTML),
        ("a.pdf", EXE),
        ("a.pdf", HTML + PDF),
        ("a.docx", package("readme.txt")),
        ("a.docx", package("word/document.xml")),
        ("a.docx", DOCX[:-30]),
        ("a.docx", b"PK\x03\x04 word/ [Content_Types].xml"),
        ("a.docx", package("[Content_Types].xml", "word/a.xml", "word/vbaProject.bin")),
        ("a.xlsx", DOCX),
        ("a.doc", OLE),
        ("a.doc", OLE + "Workbook".encode("utf-16-le")),
        ("a.txt", EXE),
        ("a.txt", b"\n " + HTML),
        ("a.txt", b"\xff\xfe\xff\xff"),
        ("a.webp", b"RIFF\x00\x00\x00\x00WEBPVP8 "),
        ("a.png", picture()[:40]),
    ],
)
def test_a_disguise_is_refused(name: str, data: bytes) -> None:
    with pytest.raises(Invalid) as refused:
        examine(name, data, limit=LIMIT)
    assert refused.value.code == "file_not_what_it_says"


@pytest.mark.parametrize(
    "name",
    ["a.html", "a.svg", "a.exe", "a.js", "a.zip", "a.docm", "a", ".png", "a.png.html"],
)
def test_a_kind_that_pages_could_run_is_refused(name: str) -> None:
    with pytest.raises(Invalid) as refused:
        examine(name, picture(), limit=LIMIT)
    assert refused.value.code == "file_kind_refused"


def test_nothing_and_too_much_are_refused() -> None:
    for data, code in ((b"", "file_empty"), (b"x" * (LIMIT + 1), "file_too_large")):
        with pytest.raises(Invalid) as refused:
            examine("a.txt", data, limit=LIMIT)
        assert refused.value.code == code
    assert examine("a.txt", b"x" * LIMIT, limit=LIMIT).data


# Pictures


def with_gps() -> bytes:
    exif = Image.Exif()
    exif[0x010F] = "SecretPhone"
    exif.get_ifd(0x8825)[1] = "N"
    exif[0x0112] = 6
    return picture("JPEG", exif=exif.tobytes(), comment=b"SecretComment")


def with_words() -> bytes:
    words = PngImagePlugin.PngInfo()
    words.add_text("Comment", "SecretComment")
    words.add_itxt("XML:com.adobe.xmp", "SecretXmp")
    return picture("PNG", pnginfo=words, icc_profile=b"SecretProfile")


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("a.jpg", with_gps),
        ("a.png", with_words),
        ("a.webp", lambda: picture("WEBP", xmp=b"SecretXmp", exif=b"Exif\0\0SecretE")),
        ("a.png", lambda: picture() + HTML + b"Secret"),
        ("a.jpg", lambda: picture("JPEG") + package("Secret.html")),
        ("a.gif", lambda: picture("GIF", comment=b"SecretComment")),
    ],
)
def test_a_picture_keeps_its_dots_and_nothing_else(
    name: str, make: Callable[[], bytes]
) -> None:
    data = make()
    assert b"Secret" in data
    kept = examine(name, data, limit=LIMIT)
    assert b"Secret" not in kept.data
    assert b"<script" not in kept.data
    with Image.open(BytesIO(kept.data)) as found:
        assert not found.getexif()
        assert "xmp" not in found.info


def test_a_picture_is_turned_upright() -> None:
    kept = examine("a.jpg", with_gps(), limit=LIMIT)
    with Image.open(BytesIO(kept.data)) as found:
        assert found.size == (30, 40)


def test_a_picture_is_what_its_dots_are_and_not_what_its_name_says() -> None:
    kept = examine("a.png", picture("JPEG"), limit=LIMIT)
    assert kept.media_type == "image/png"
    assert kept.data.startswith(b"\x89PNG")


def test_a_see_through_picture_can_be_a_jpeg() -> None:
    stream = BytesIO()
    Image.new("RGBA", (9, 9)).save(stream, "PNG")
    assert examine("a.jpg", stream.getvalue(), limit=LIMIT).media_type == "image/jpeg"


def test_a_large_picture_is_made_smaller() -> None:
    kept = examine("a.png", picture(size=(LONGEST_SIDE + 800, 100)), limit=LIMIT)
    with Image.open(BytesIO(kept.data)) as found:
        assert found.width == LONGEST_SIDE


@pytest.mark.parametrize("side", [9000, 12000, 60000])
def test_a_picture_of_huge_dimensions_is_never_decoded(side: int) -> None:
    head = pack(">II5B", side, side, 8, 2, 0, 0, 0)
    chunk = pack(">I", len(head)) + b"IHDR" + head + pack(">I", crc32(b"IHDR" + head))
    data = b"\x89PNG\r\n\x1a\n" + chunk + pack(">I", 0) + b"IDAT" + pack(">I", 0)
    with pytest.raises(Invalid) as refused:
        examine("a.png", data, limit=LIMIT)
    assert refused.value.code == "picture_too_large"


# Names


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("教案.docx", "教案.docx"),
        ("𠮷野家.docx", "𠮷野家.docx"),
        ("é与e\u0301.txt", "é与e\u0301.txt"),
        ("报告\u202excod.exe", "报告xcod.exe"),
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\文档\\教案.docx", "教案.docx"),
        ("a/..\\b\x00c\r\nd.txt", "bcd.txt"),
        ("..", ""),
        (". . 教案.txt . ", "教案.txt"),
        ("\u200b\u2066隐\u2069.txt", "隐.txt"),
    ],
)
def test_a_name_is_shown_without_ways_and_hidden_signs(name: str, shown: str) -> None:
    assert display_name(name) == shown


def test_a_name_of_two_hundred_characters_is_kept_and_a_longer_one_cut() -> None:
    whole = "长" * (NAME_LENGTH - 5) + ".docx"
    assert display_name(whole) == whole
    assert display_name("更" + whole) == "更" + whole[:-6] + ".docx"
    assert len(display_name("长" * 900)) == NAME_LENGTH
