"""`portal scheme try`: work a scheme out on a spreadsheet of records."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click
import xlsxwriter
from flask.cli import with_appcontext
from flask_babel import gettext as _

from portal.cli.language import spoken
from portal.completions.fact import Fact
from portal.errors import Invalid
from portal.records.reading import read_records
from portal.records.sources import terms_for
from portal.records.terms import Who
from portal.records.words import problem_sentence
from portal.schemes.documents.lines import lines_of
from portal.schemes.documents.reading import SchemeError
from portal.schemes.documents.scheme import load_scheme, load_template, template_names
from portal.schemes.documents.scheme import read_scheme as from_data
from portal.schemes.engine.evaluation import evaluate
from portal.schemes.engine.honours import Standing, honours
from portal.schemes.engine.marks import plain
from portal.schemes.engine.rules import Scheme
from portal.schemes.engine.sheet import Sheet
from portal.schemes.words.honours import say_placed
from portal.schemes.words.problems import say
from portal.schemes.words.sheets import explain, explain_total, lacks, words_of
from portal.trials.outcome import band_of, verdict
from portal.words import error_sentence

_FILE = click.Path(exists=True, dir_okay=False, readable=True, path_type=Path)


@click.command("try")
@click.argument("scheme")
@click.argument("records", type=_FILE)
@click.option("--lines", is_flag=True, help="Explain every mark.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="To xlsx.")
@click.option("--zone", default="Asia/Shanghai", help="Whose midnight parts the days.")
@with_appcontext
def try_on(
    scheme: str, records: Path, out: Path | None, zone: str, *, lines: bool
) -> None:
    """Work SCHEME out on the people in RECORDS, an xlsx or csv; nothing is kept.

    SCHEME is a file, or the name of a template. docs/reference/records.md describes
    the columns of RECORDS. Prints the total of each person and whether they qualify;
    --lines adds what every mark comes from. Exit status: 0, or 1 when the scheme or a
    row of the records cannot be read: then nobody is worked out.
    """
    with spoken():
        rules = _rules(scheme)
        found = _outcomes(rules, _facts(rules, records, _zone(zone)), _zone(zone))
        if out is not None:
            _write(out, rules, found)
            click.echo(f"{out.name}: {len(found)}")
            return
        for each in found:
            click.echo("  ".join(each.cells))
            for line in _lines(each.sheet) if lines else ():
                click.echo(f"    {line}")


def read(file: Path) -> Scheme:
    """The scheme in a file; errors are printed by line, and end the command."""
    try:
        text = file.read_text("utf-8")
        return load_scheme(text)
    except UnicodeDecodeError as error:
        raise click.ClickException(f"{file}: {error}") from error
    except SchemeError as error:
        lines = lines_of(text, [problem.place for problem in error.problems])
        for problem, line in zip(error.problems, lines, strict=True):
            where = f"{file.name}:{line}" if line else file.name
            click.echo(f"{where}  {say(problem)}")
        if error.more:
            click.echo(_("还有 %(count)s 处，改好这些再看。", count=error.more))
        raise SystemExit(1) from error


@dataclass(frozen=True)
class Outcome:
    """One person's sheet, and the cells of their row."""

    sheet: Sheet
    cells: tuple[str, ...]


def _rules(scheme: str) -> Scheme:
    if Path(scheme).is_file():
        return read(Path(scheme))
    if scheme in template_names():
        return from_data(load_template(scheme))
    raise click.ClickException(f"There is no file and no template {scheme}.")


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise click.ClickException(f"There is no time zone {name}.") from error


def _facts(
    rules: Scheme, records: Path, zone: ZoneInfo
) -> Mapping[Who, Sequence[Fact]]:
    """What the sheet reports of each; a row that cannot be read ends the command."""
    try:
        found = read_records(
            records.read_bytes(), terms_for(rules, zone), file_name=records.name
        )
    except Invalid as error:
        raise click.ClickException(error_sentence(error)) from error
    for problem in found.problems:
        place = f"{records.name}:{problem.line}"
        click.echo(f"{place}  {problem.column}  {problem_sentence(problem)}")
    if found.problems:
        raise SystemExit(1)
    return found.facts()


def _outcomes(
    rules: Scheme, facts: Mapping[Who, Sequence[Fact]], zone: ZoneInfo
) -> list[Outcome]:
    people = list(facts)
    sheets = [evaluate(rules, facts[who], zone=zone) for who in people]
    honoured = _honoured(rules, sheets, [facts[who] for who in people])
    return [
        Outcome(sheet, (who.name, sheet.shown, *_result(rules, sheet), *more))
        for who, sheet, more in zip(people, sheets, honoured, strict=True)
    ]


def _honoured(
    rules: Scheme, sheets: Sequence[Sheet], facts: Sequence[Sequence[Fact]]
) -> list[tuple[str, ...]]:
    """Why each is honoured or not; nothing where the scheme has no such rule."""
    if rules.honours is None:
        return [() for _sheet in sheets]
    standings = zip(range(len(sheets)), sheets, facts, strict=True)
    placed = honours(rules, (Standing(*each) for each in standings)).placed
    words = {each.person: say_placed(each, {}) for each in placed}
    return [(words[place],) for place in range(len(sheets))]


def _result(rules: Scheme, sheet: Sheet) -> tuple[str, ...]:
    """Whether they qualify, and the band, as far as the scheme says."""
    return tuple(each for each in (verdict(sheet), band_of(rules, sheet)) if each)


def _lines(sheet: Sheet) -> Iterator[str]:
    """Every line with its marks, and why."""
    for line in sheet.lines:
        yield f"{words_of(line.title)}: {plain(line.points)}"
        for sentence in explain(line):
            yield f"  {sentence}"
    yield from explain_total(sheet)
    yield from lacks(sheet)


def _write(out: Path, rules: Scheme, found: Sequence[Outcome]) -> None:
    """The same as a workbook: a cell for each item, all of them text (V09)."""
    items = [item for item, _parent in rules.walk()]
    titles = [_("账号"), _("总分"), _("结果")]
    rows = [[*titles, *(words_of(item.title) for item in items), _("说明")]]
    for each in found:
        name, total, *result = each.cells
        points = [plain(each.sheet.line(item.id).points) for item in items]
        why = "\n".join(_lines(each.sheet))
        rows.append([name, total, " ".join(result), *points, why])
    with xlsxwriter.Workbook(str(out), {"strings_to_formulas": False}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                sheet.write_string(number, column, cell)
        sheet.freeze_panes(1, 1)
