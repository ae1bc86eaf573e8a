"""Forms of the credit path. Only these fields are taken (V17)."""

from decimal import Decimal, InvalidOperation
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from portal.credits.codes import BY_PEOPLE
from portal.credits.labels import CATEGORIES
from portal.credits.words import GROUNDS


class AmountField(StringField):
    """Hours or credits, as `amount`; what is no number is kept and refused."""

    amount: Decimal | None = None

    def process_formdata(self, valuelist: list[str]) -> None:
        """Take what was typed."""
        super().process_formdata(valuelist)
        try:
            amount = Decimal((self.data or "").strip())
        except InvalidOperation:
            return
        self.amount = amount if amount.is_finite() else None


def _is_number(_form: FlaskForm, field: AmountField) -> None:
    """Say what an amount is, where something else was typed."""
    if field.amount is None:
        raise ValidationError(_l("请填写数字，最多两位小数，如 40 或 2.5。"))


def _number_or_none(value: Any) -> int | None:
    return int(value) if value not in (None, "", "None") else None


class WorthForm(FlaskForm):
    """What a workshop is worth, and what must be said of the training."""

    hours = AmountField(_l("学时"), [InputRequired(_l("请填写学时。")), _is_number])
    credits = AmountField(_l("学分"), [InputRequired(_l("请填写学分。")), _is_number])
    category = RadioField(
        _l("培训类别"),
        [InputRequired(_l("请选择培训类别。"))],
        choices=[SelectChoice(str(code), words) for code, words in CATEGORIES.items()],
    )
    lecturer = StringField(
        _l("主讲人"),
        [Length(max=120)],
        description=_l("校本研修和集中培训必填，没有主讲人不能登记学分"),
    )
    place = StringField(
        _l("地点"),
        [Length(max=120)],
        description=_l("校本研修和集中培训必填"),
    )
    same_as_id = SelectField(
        _l("与哪个工作坊是同一次培训"),
        coerce=_number_or_none,
        validators=[Optional()],
        description=_l("两边都参加的老师只计一次学分；没有就不选"),
    )


class RefusalForm(FlaskForm):
    """On what ground a claim is refused."""

    code = RadioField(
        _l("原因"),
        [InputRequired(_l("请选择原因。"))],
        choices=[SelectChoice(str(code), GROUNDS[code]) for code in BY_PEOPLE],
    )
    reason = TextAreaField(
        _l("说明"),
        [Length(max=1000)],
        description=_l("老师会看到。选“其他”时必填。"),
    )


class ReasonForm(FlaskForm):
    """Why something is corrected."""

    reason = TextAreaField(
        _l("理由"),
        [InputRequired(_l("请写明理由。")), Length(max=1000)],
        description=_l("至少四个字，会留在办理经过里。"),
    )


class PublicityForm(FlaskForm):
    """For how many working days a list is put before everybody."""

    days = IntegerField(
        _l("公示几个工作日"),
        [
            InputRequired(_l("请填写 3 到 10 之间的整数。")),
            NumberRange(3, 10, _l("请填写 3 到 10 之间的整数。")),
        ],
        default=5,
        description=_l("3 到 10 天，从明天算起，周末和节假日不算。"),
    )


class CodeForm(FlaskForm):
    """The code on a certificate."""

    code = StringField(
        _l("查验码"),
        [InputRequired(_l("请填写证书上的查验码。")), Length(max=64)],
        description=_l("在证书下方，横线和空格可以不填。"),
    )


class NothingForm(FlaskForm):
    """A deed that needs no field, only the token."""
