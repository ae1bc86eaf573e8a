"""The frame of a scheme: its name and source, what passes, and the bands."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import Length

from portal.schemes.engine.rules import Rounding, Scores, Shows
from portal.schemes.forms.item import LONGEST, Chosen, UnseenRow, options
from portal.schemes.forms.item_typed import (
    filled,
    text_of,
    typed_label,
)
from portal.schemes.forms.item_written import put, write_label
from portal.schemes.forms.rows import (
    NumberText,
    Path,
    RowForm,
    and_blank,
    kept,
    number_of,
    rows,
    tidy,
)

Data = dict[str, Any]

NUMBERS = ("pass_mark", "cap")
CHOICES = {"scores": "teacher", "rounding": "none", "shows": "marks"}
"""The choices of the frame, with what holds where the document says nothing."""

SCORES = {
    Scores.TEACHER: _l("学员"),
    Scores.LEADER: _l("坊主"),
    Scores.SCHOOL: _l("学校"),
}


class BandRow(RowForm):
    """A name for all marks from here up to the next."""

    title = StringField(_l("等级"), [Length(max=40)])
    title_en = StringField(_l("英文名称"), [Length(max=40)])
    at_least = NumberText(_l("多少分起"))


class FrameForm(FlaskForm):
    """What holds for the whole scheme. `seen` is the digest of the draft looked at."""

    seen = HiddenField()
    title = StringField(_l("方案名称"), [Length(max=120)])
    title_en = StringField(
        _l("英文名称"), [Length(max=LONGEST)], description=_l("不填就用中文。")
    )
    source = TextAreaField(
        _l("依据"),
        [Length(max=LONGEST)],
        description=_l("哪个单位、哪份文件。"),
        render_kw={"rows": 2},
    )
    source_en = TextAreaField(
        _l("英文依据"), [Length(max=LONGEST)], render_kw={"rows": 2}
    )
    dated = StringField(
        _l("文件年份或日期"),
        [Length(max=10)],
        description=_l("如 2015 或 2015-09-01。"),
        render_kw={"inputmode": "numeric"},
    )
    scores = Chosen(_l("考核谁"), choices=options(SCORES), default="teacher")
    pass_mark = NumberText(_l("合格线"), description=_l("不填就只看各项的必达要求。"))
    cap = NumberText(_l("总分封顶"), description=_l("不填就不封顶。"))
    rounding = Chosen(
        _l("怎样看是否达线"),
        choices=options(
            {
                Rounding.NONE: _l("按实际得分，不四舍五入"),
                Rounding.WHOLE: _l("先四舍五入到整数"),
            }
        ),
        default="none",
    )
    shows = Chosen(
        _l("学员看到什么"),
        choices=options({Shows.MARKS: _l("分数"), Shows.LEVELS: _l("只看等级")}),
        default="marks",
    )
    bands = rows(BandRow)
    unseen = rows(UnseenRow)


def typed_frame(document: Mapping[str, Any]) -> Data:
    """What the form shows of a document."""
    bands = enumerate(document.get("bands", []))
    return {
        **typed_label(document, "title"),
        **typed_label(document, "source"),
        "dated": document.get("dated", ""),
        **{key: text_of(document.get(key)) for key in NUMBERS},
        **{key: document.get(key, usual) for key, usual in CHOICES.items()},
        "bands": [
            {
                "was": str(number),
                **typed_label(band, "title"),
                "at_least": text_of(band["at_least"]),
            }
            for number, band in bands
        ],
        "unseen": [{"was": str(n)} for n, _ in enumerate(document.get("unseen", []))],
    }


def frame_with_blanks(data: Mapping[str, Any]) -> Data:
    """The same with a blank band at the end."""
    return {**data, "bands": and_blank(data.get("bands", []))}


def frame_without_blanks(data: Mapping[str, Any]) -> Data:
    """What was typed, without bands that say nothing."""
    return {**data, "bands": filled(data["bands"], "title", "at_least")}


def written_frame(data: Mapping[str, Any], stored: Mapping[str, Any]) -> Data:
    """The document with the frame that was typed; `data` has no blank rows."""
    document = dict(stored)
    write_label(document, data, "title", needed=True)
    write_label(document, data, "source")
    put(document, "dated", tidy(data["dated"]))
    for key in NUMBERS:
        put(document, key, number_of(data[key]))
    for key, usual in CHOICES.items():
        if data[key] != usual or key in document:
            document[key] = data[key]
    put(document, "bands", _bands(data["bands"], stored.get("bands", [])))
    settled = {row["was"] for row in data["unseen"] if row["settled"]}
    clauses = enumerate(stored.get("unseen", []))
    put(document, "unseen", [clause for n, clause in clauses if str(n) not in settled])
    return document


def _bands(typed: list[Data], stored: list[Any]) -> list[Data]:
    bands = []
    taken = {band.get("key") for band in stored}
    for row in typed:
        band = kept(row, stored)
        if "key" not in band:
            band["key"] = next(
                key
                for number in range(1, len(typed) + len(stored) + 2)
                if (key := f"band_{number}") not in taken
            )
            taken.add(band["key"])
        write_label(band, row, "title", needed=True)
        band["at_least"] = number_of(row["at_least"])
        bands.append(band)
    return bands


def frame_path(path: Path) -> Path:
    """The field of the form for a place of the document."""
    match path:
        case (str(key), "en"):
            return (f"{key}_en",)
        case ("bands", int(row), "title", "en"):
            return ("bands", row, "title_en")
        case _:
            return path
