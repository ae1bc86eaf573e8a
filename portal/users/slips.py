"""Slips of paper that bring people their activation codes, as page or spreadsheet."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from urllib.parse import urlencode, urlsplit, urlunsplit

import segno
import xlsxwriter

from portal.users.models import User


@dataclass(frozen=True)
class Slip:
    """What stands on one person's slip."""

    name: str
    username: str
    code: str = field(repr=False)
    address: str
    """Where the code is typed; read by eye."""
    link: str = field(repr=False)
    """The same with the code in it; read by a phone."""

    @property
    def picture(self) -> str:
        """The link as a QR code, an image in a data: address."""
        return segno.make(self.link, error="m", micro=False).svg_data_uri(
            scale=3, border=2
        )


def make_slip(user: User, code: str, address: str) -> Slip:
    """The slip of a person; `address` is that of the page that asks for the code."""
    link = f"{address}?{urlencode({'code': code})}"
    return Slip(user.name, user.username, code, address, link)


def address_at(base_url: str, host: str | None, path: str) -> str:
    """A page's address in a county, by its own host; never from a request (V21)."""
    base = urlsplit(base_url)
    place = base.netloc
    if host is not None:
        place = f"{host}:{base.port}" if base.port else host
    return urlunsplit((base.scheme, place, base.path.rstrip("/") + path, "", ""))


def workbook(slips: Iterable[Slip], headings: Sequence[str]) -> bytes:
    """The slips as a spreadsheet; cells are text, so that no name is a formula."""
    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        bold = book.add_format({"bold": True})
        for column, heading in enumerate(headings):
            sheet.write_string(0, column, heading, bold)
        for row, slip in enumerate(slips, start=1):
            cells = (slip.name, slip.username, slip.code, slip.address)
            for column, text in enumerate(cells):
                sheet.write_string(row, column, text)
        sheet.set_column(0, 1, 14)
        sheet.set_column(2, 2, 20)
        sheet.set_column(3, 3, 40)
        sheet.freeze_panes(1, 0)
    return buffer.getvalue()
