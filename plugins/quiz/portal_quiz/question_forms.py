"""Writing a question: one form for each kind, with no more than it needs."""

from collections.abc import Sequence
from typing import Any

from wtforms import BooleanField, Form, HiddenField, RadioField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length

from portal.api import lazy_gettext as _l
from portal_quiz.models import Kind
from portal_quiz.questions import FALSE, LONGEST_STEM, TRUE, Draft

MARK = "*"
"""Stands before an option that is right."""


class QuestionForm(Form):
    """What every question has."""

    stem = TextAreaField(
        _l("题干"),
        validators=[InputRequired(_l("还没有写题干。")), Length(max=LONGEST_STEM)],
        render_kw={"rows": 4},
    )
    explanation = TextAreaField(
        _l("解析"),
        validators=[Length(max=4000)],
        description=_l("公布正确答案时一起显示，可以不写。"),
        render_kw={"rows": 4},
    )
    number = HiddenField(default="0")

    def draft(self, kind: Kind) -> Draft:
        """What the author wrote."""
        return Draft(
            kind,
            _text(self.stem.data),
            explanation=_text(self.explanation.data),
            **self.answers(),
        )

    def answers(self) -> dict[str, Any]:
        """The arguments of `Draft` that are of this kind."""
        return {}

    @classmethod
    def values(cls, draft: Draft) -> dict[str, Any]:
        """The form's data for a question to be mended."""
        return {"stem": draft.stem, "explanation": draft.explanation}


class TruthForm(QuestionForm):
    """A statement that is true or false."""

    truth = RadioField(
        _l("正确答案"),
        choices=[SelectChoice(TRUE, _l("对")), SelectChoice(FALSE, _l("错"))],
        validators=[InputRequired(_l("请标出正确答案。"))],
    )

    def answers(self) -> dict[str, Any]:
        """Which of the two is right."""
        return {"right": frozenset({0 if self.truth.data == TRUE else 1})}

    @classmethod
    def values(cls, draft: Draft) -> dict[str, Any]:
        """With the right one chosen."""
        truth = TRUE if 0 in draft.right else FALSE
        return {**super().values(draft), "truth": truth}


class OptionsForm(QuestionForm):
    """A question with options, one a line, the right ones with a star before them."""

    options = TextAreaField(
        _l("选项"),
        validators=[InputRequired(_l("选择题至少要有两个选项。"))],
        description=_l("每行一个选项，不用写 A、B、C。正确答案在行首加 *。"),
        render_kw={"rows": 6},
    )

    def answers(self) -> dict[str, Any]:
        """The options and which of them are right."""
        lines = lines_of(self.options.data)
        return {
            "options": tuple(line.removeprefix(MARK).strip() for line in lines),
            "right": frozenset(
                place for place, line in enumerate(lines) if line.startswith(MARK)
            ),
        }

    @classmethod
    def values(cls, draft: Draft) -> dict[str, Any]:
        """With the stars in their places."""
        lines = [
            f"{MARK if place in draft.right else ''}{text}"
            for place, text in enumerate(draft.options)
        ]
        return {**super().values(draft), "options": "\n".join(lines)}


class ShortForm(QuestionForm):
    """A question that is answered in a few words."""

    accepted = TextAreaField(
        _l("可以接受的答案"),
        validators=[InputRequired(_l("请至少写一个可以接受的答案。"))],
        description=_l("每行一个。全角半角、大小写和多余的空格不影响判分。"),
        render_kw={"rows": 4},
    )
    exact = BooleanField(
        _l("区分大小写和全角半角"), description=_l("如元素符号、代码、英文缩写。")
    )

    def answers(self) -> dict[str, Any]:
        """The words that are right."""
        return {
            "accepted": tuple(lines_of(self.accepted.data)),
            "exact": bool(self.exact.data),
        }

    @classmethod
    def values(cls, draft: Draft) -> dict[str, Any]:
        """One accepted answer a line."""
        accepted = "\n".join(draft.accepted)
        return {**super().values(draft), "accepted": accepted, "exact": draft.exact}


class EssayForm(QuestionForm):
    """A question that is answered at length and marked by hand."""

    model = TextAreaField(
        _l("参考答案"),
        validators=[Length(max=4000)],
        description=_l("批阅时看得到；公布正确答案时老师们也看得到。"),
        render_kw={"rows": 6},
    )

    def answers(self) -> dict[str, Any]:
        """The example answer."""
        return {"model": _text(self.model.data)}

    @classmethod
    def values(cls, draft: Draft) -> dict[str, Any]:
        """With the example answer."""
        return {**super().values(draft), "model": draft.model}


FORMS: dict[Kind, type[QuestionForm]] = {
    Kind.TRUE_FALSE: TruthForm,
    Kind.SINGLE: OptionsForm,
    Kind.MULTIPLE: OptionsForm,
    Kind.SHORT: ShortForm,
    Kind.ESSAY: EssayForm,
}


def lines_of(text: str | None) -> Sequence[str]:
    """The lines that say something."""
    return [line.strip() for line in (text or "").splitlines() if line.strip()]


def _text(text: str | None) -> str:
    return (text or "").replace("\r\n", "\n").strip()
