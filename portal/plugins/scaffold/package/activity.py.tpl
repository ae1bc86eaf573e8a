"""$title as an activity type: one text, which counts once it is long enough."""

from decimal import Decimal

from portal.api import (
    ActivityType,
    Form,
    Grade,
    HandInSettingsForm,
    Sample,
    SampleKind,
)
from wtforms import TextAreaField
from wtforms.validators import InputRequired

LEAST = 20  # characters


class AnswerForm(Form):
    text = TextAreaField("正文", validators=[InputRequired("请写正文。")])


class ${type}Activity(ActivityType):
    name = "$name"
    title = "$title"
    template = "$name/view.html"
    settings_form = HandInSettingsForm

    def answer_form(self, settings):
        return AnswerForm

    def view(self, ctx):
        return {"works": [work for work in ctx.submissions() if work.hand_in]}

    def grade(self, settings, answer, hand_in):
        return Grade(Decimal(int(hand_in.length >= LEAST)))

    def samples(self):
        passed, failed = Grade(Decimal(1)), Grade(Decimal(0))
        yield Sample(SampleKind.PASSING, {"text": "很好。" * LEAST}, expected=passed)
        yield Sample(SampleKind.FAILING, {"text": "很好。"}, expected=failed)
        yield Sample(SampleKind.INVALID, {"text": ""})
