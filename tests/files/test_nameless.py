"""V03: a document that somebody reads blind does not say who made it."""

from collections.abc import Mapping
from io import BytesIO
from zipfile import ZipFile

import pytest

from portal.errors import NotFound
from portal.files import nameless as module
from portal.files.nameless import OFFICE, PDF, nameless

WORD = f"{OFFICE}wordprocessingml.document"
NAME, SCHOOL = "陈晓燕", "清溪县实验小学"
PARTS: Mapping[str, str] = {
    "[Content_Types].xml": "<Types/>",
    "docProps/core.xml": (
        "<cp:coreProperties><dc:title>教学片段</dc:title>"
        f"<dc:creator>{NAME}</dc:creator>"
        f"<cp:lastModifiedBy>{NAME}</cp:lastModifiedBy></cp:coreProperties>"
    ),
    "docProps/app.xml": f"<Properties><Company>{SCHOOL}</Company></Properties>",
    "docProps/custom.xml": f"<property><vt:lpwstr>{NAME}</vt:lpwstr></property>",
    "word/document.xml": (
        f'<w:ins w:id="1" w:author="{NAME}" w:date="2024-09-02"><w:t>正文</w:t></w:ins>'
    ),
    "word/comments.xml": (
        f'<w:comment w:id="0" w:author="{NAME}" w:initials="CXY"><w:t>改</w:t>'
        "</w:comment>"
    ),
    "word/people.xml": f'<w15:person w15:author="{NAME}"/>',
    "ppt/commentAuthors.xml": f'<p:cmAuthor id="1" name="{NAME}" initials="CXY"/>',
    "xl/persons/person.xml": f'<person displayName="{NAME}" id="{{1}}"/>',
    "word/media/board.bin": "图",
}


def package(parts: Mapping[str, str]) -> bytes:
    """An Office file with these parts."""
    made = BytesIO()
    with ZipFile(made, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return made.getvalue()


def parts_of(data: bytes) -> dict[str, str]:
    """Its parts again."""
    with ZipFile(BytesIO(data)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def test_an_office_file_names_nobody_and_says_the_same() -> None:
    made = parts_of(nameless(WORD, package(PARTS)))

    assert list(made) == list(PARTS)
    for text in made.values():
        assert NAME not in text
        assert SCHOOL not in text
        assert "CXY" not in text
    assert "<dc:title>教学片段</dc:title>" in made["docProps/core.xml"]
    assert "<w:t>正文</w:t>" in made["word/document.xml"]
    assert 'w:date="2024-09-02"' in made["word/document.xml"]
    assert made["word/media/board.bin"] == "图"


def test_a_pdf_names_nobody_and_keeps_its_length() -> None:
    said = (
        b"%PDF-1.4\n1 0 obj << /Title (A lesson) /Author (Chen \\(Xiaoyan\\)) "
        b"/Creator <FEFF96486653> >> endobj\n"
        b"<rdf:RDF><dc:creator><rdf:Seq><rdf:li>Chen Xiaoyan</rdf:li></rdf:Seq>"
        b"</dc:creator></rdf:RDF>\n%%EOF"
    )
    made = nameless(PDF, said)

    assert len(made) == len(said)
    assert b"Chen" not in made
    assert b"Xiaoyan" not in made
    assert b"96486653" not in made
    assert b"/Title (A lesson)" in made
    assert b"<rdf:Seq><rdf:li>" in made


def test_other_files_stay_as_they_are() -> None:
    assert nameless("text/plain", b"/Author (Chen)") == b"/Author (Chen)"


def test_a_package_that_would_fill_the_memory_is_not_unpacked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "MOST_UNPACKED", 10)

    with pytest.raises(NotFound):
        nameless(WORD, package(PARTS))
