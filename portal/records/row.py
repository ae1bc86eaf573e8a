"""One row of a records sheet: what could be read of it, and what is wrong."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from portal.records import cells
from portal.records.cells import Unreadable
from portal.records.columns import Whose, columns
from portal.records.problems import RowProblem
from portal.records.terms import HAND, Terms, Who, key_of
from portal.roster.cells import shown
from portal.roster.columns import Cell, SheetLine
from portal.users.codes import tidy


class Row:
    """One row: what could be read of it, and what is wrong."""

    def __init__(
        self, number: int, line: SheetLine, places: Mapping[str, int], terms: Terms
    ) -> None:
        self.number, self.line, self.places, self.terms = number, line, places, terms
        self.problems: list[RowProblem] = []
        self.who: Who | None = None
        self.source: str | None = None
        self.measure: str | None = None
        self.amount: Decimal | None = None
        self.time: datetime | None = None
        self.stage: int | None = None
        self.late_minutes: int | None = None
        self.item = ""
        self.evidence = ""

    def read(self) -> "Row":
        """Read every cell, and note all that is wrong, not only the first."""
        for column in columns(self.terms.whose):
            try:
                self._take(column.field, required=column.required)
            except Unreadable as found:
                self.say(column.field, found.code, **found.params)
        self._check_name()
        self._check_counted()
        return self

    def say(self, field_name: str, code: str, **params: str) -> None:
        """Note what is wrong in a column."""
        title = self.terms.title(field_name)
        self.problems.append(
            RowProblem(self.number, self.line.line, title, code, params)
        )

    def _cell(self, name: str) -> Cell:
        place = self.places.get(name)
        if place is None or place >= len(self.line.cells):
            return None
        return self.line.cells[place]

    def _take(self, name: str, *, required: bool) -> None:
        cell = self._cell(name)
        text = cells.text_of(cell)
        if not text:
            if required:
                raise Unreadable("required")
            return
        match name:
            case "who":
                self.who = self._find(text)
            case "source":
                self.source = cells.source_of(cell, self.terms.sources)
            case "item":
                self.item = text
                self._check_item()
            case "stage":
                self.stage = self._stage(cell)
            case "time":
                self.time = cells.time_of(cell, self.terms.zone)
            case "measure":
                self.measure = cells.measure_of(cell, self.terms.known_measures)
            case "amount":
                self.amount = cells.amount_of(cell)
            case "late_minutes":
                self.late_minutes = cells.whole_of(cell, "late_format")
            case "evidence":
                if len(text) > cells.LONGEST_EVIDENCE:
                    limit = str(cells.LONGEST_EVIDENCE)
                    raise Unreadable("evidence_too_long", limit=limit)
                self.evidence = text

    def _find(self, text: str) -> Who:
        found = self.terms.find(text)
        if len(found) == 1:
            return found[0]
        code = "school" if self.terms.whose is Whose.SCHOOL else "person"
        kind = "ambiguous" if found else "unknown"
        raise Unreadable(f"{code}_{kind}", given=shown(text))

    def _stage(self, cell: Cell) -> int:
        stage = cells.whole_of(cell, "stage_format")
        if not stage:
            raise Unreadable("stage_format", given="0")
        if self.terms.stages is not None and stage > self.terms.stages:
            stages = str(self.terms.stages)
            raise Unreadable("stage_unknown", given=str(stage), stages=stages)
        return stage

    def _check_item(self) -> None:
        limit = cells.LONGEST_KEY - len(key_of(self.source or "", ""))
        if len(self.item) > limit:
            raise Unreadable("item_too_long", limit=str(limit))
        # After a colon, too: source and item are one key, put together with it.
        if any(part.startswith(HAND) for part in self.item.split(":")):
            raise Unreadable("item_reserved", given=HAND)

    def _check_name(self) -> None:
        """The name beside an account must be that person's, or rows have slipped."""
        if self.who is None or self.who.id is None or "name" not in self.places:
            return
        try:
            given = tidy(cells.text_of(self._cell("name")))
        except Unreadable as found:
            self.say("name", found.code)
            return
        if given and given != tidy(self.who.name):
            self.say("name", "name_differs", given=shown(given))

    def _check_counted(self) -> None:
        counted = self.terms.counted
        if counted is None or self.source is None or self.measure is None:
            return
        if (self.source, self.measure) not in counted:
            self.say("measure", "measure_not_counted", given=self.measure)
