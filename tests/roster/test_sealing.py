"""A sheet in the database: unreadable without the key, and the same with it."""

from datetime import date, time, timedelta
from typing import Any

import pytest
from cryptography.fernet import Fernet, InvalidToken
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from portal.organisations.models import Organisation
from portal.roster import service, taking
from portal.roster.columns import NOT_COMPUTED, RosterSheet, SheetLine
from portal.roster.sealing import seal, unseal

from .conftest import sheet_of

KEY = Fernet.generate_key().decode()
CELLS: Any = st.one_of(
    st.none(),
    st.text(max_size=20),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False),
    st.dates(),
    st.datetimes(),
    st.times(),
    st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=99)),
    st.just(NOT_COMPUTED),
)


@given(st.lists(st.lists(CELLS, max_size=4), min_size=1, max_size=4))
def test_every_cell_comes_back_as_it_was_and_of_its_kind(rows: list[list[Any]]) -> None:
    header, *lines = rows
    numbered = enumerate(lines, start=2)
    sheet = RosterSheet(
        tuple(header), tuple(SheetLine(n, tuple(c)) for n, c in numbered)
    )
    back = unseal(seal(sheet, KEY), KEY)
    assert back == sheet
    cells = [*sheet.header, *(cell for line in sheet.lines for cell in line.cells)]
    again = [*back.header, *(cell for line in back.lines for cell in line.cells)]
    assert [type(cell) for cell in again] == [type(cell) for cell in cells]


def test_without_the_key_nothing_is_read() -> None:
    cells = ("999001198506120027", 9.99001e17, date(1985, 6, 12), time(8), None)
    sealed = seal(RosterSheet(cells, ()), KEY)
    assert "999001198506120027" not in sealed
    with pytest.raises(InvalidToken):
        unseal(sealed, Fernet.generate_key().decode())


def test_after_the_import_only_the_rows_to_mend_are_kept(
    session: Session, county: Organisation, school: Organisation, key: str
) -> None:
    assert school
    sheet = sheet_of({}, {"身份证号": "99900119900715012X", "学历": ""})
    kept = service.check(session, sheet, county, by=None, file_name="r.xlsx", key=key)
    for _done in taking.take(session, kept, by=None, key=key):
        pass
    assert [line.line for line in unseal(kept.sheet, key).lines] == [3]
