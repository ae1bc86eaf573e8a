"""The people of a roster as a spreadsheet.

ID numbers are masked: nobody takes whole ones away with them (V24). Every cell is
text, so that no name is a formula and no number loses a digit (V09).
"""

import io
from collections.abc import Iterable, Mapping, Sequence

from portal.organisations.models import Organisation
from portal.roster.files import text_workbook
from portal.users import codes
from portal.users.codes import CodeList
from portal.users.models import User
from portal.users.names import mask_mobile


def word(code_list: CodeList, code: str | None) -> str:
    """The word for a stored code; a code that is none stands for itself."""
    return code_list.words.get(code, code) if code else ""


def workbook(
    people: Iterable[User],
    schools: Mapping[int, Organisation],
    *,
    titles: Sequence[str],
    states: Mapping[str, str],
    whole_mobiles: frozenset[int],
) -> bytes:
    """The spreadsheet.

    Args:
        schools: where people work, by the id of the person.
        titles: the thirteen titles of the columns.
        states: words for the states of accounts.
        whole_mobiles: ids of the people whose mobile number is not masked.
    """
    stream = io.BytesIO()
    with text_workbook(stream) as book:
        sheet = book.add_worksheet()
        bold = book.add_format({"bold": True})
        for column, title in enumerate(titles):
            sheet.write_string(0, column, title, bold)
        for line, user in enumerate(people, start=1):
            whole = user.id in whole_mobiles
            school = schools.get(user.id)
            cells = (
                user.name,
                user.username,
                user.id_no_masked or "",
                word(codes.SEXES, user.sex),
                user.birth_date.isoformat() if user.birth_date else "",
                (user.mobile if whole else mask_mobile(user.mobile)) or "",
                school.name if school else "",
                word(codes.STAGES, user.stage_code),
                word(codes.SUBJECTS, user.subject_code),
                word(codes.DEGREES, user.degree),
                word(codes.TITLES, user.title),
                word(codes.TIERS, user.teacher_tier),
                states[user.state],
            )
            for column, cell in enumerate(cells):
                sheet.write_string(line, column, cell)
        sheet.set_column(0, 12, 16)
        sheet.freeze_panes(1, 1)
    return stream.getvalue()
