"""The field of every form in which there are rows, as many as somebody sends."""

import re
from collections.abc import Iterable, Iterator

from wtforms import FieldList


class RowsField(FieldList):  # type: ignore[type-arg] # generic in the stubs alone
    """Rows that are numbered in the names of their fields: `counts-3-source`.

    WTForms makes a number of whatever is called a digit, and fails at `counts-²` and
    at thousands of digits. What is not numbered as we number is no row, and passed
    over as any other name that the form does not know (V17).
    """

    def _extract_indices(self, prefix: str, formdata: Iterable[str]) -> Iterator[int]:
        """The numbers of the rows that were sent."""
        numbered = re.compile(re.escape(prefix) + r"-([0-9]{1,4})(?:-|$)")
        found = (numbered.match(name) for name in formdata)
        return (int(hit[1]) for hit in found if hit)
