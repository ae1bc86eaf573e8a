"""Sentences of this feature's error codes."""

from flask_babel import lazy_gettext as _l

from portal.words import error_words

error_words(
    {
        "activity_unavailable": _l("这个活动现在不可用，已经提交的都保留着。"),
        "answer_too_long": _l("回复最多 %(limit)s 字，请删减后再发送。"),
        "closed": _l("补交期限已过，不能再提交。已写的内容都在草稿里。"),
        "decision_missing": _l("请选择通过、退回或不通过。"),
        "empty_answer": _l("回复还没有写内容。"),
        "files_missing": _l("请至少附 %(least)s 个文件再提交。内容已存为草稿。"),
        "handed_in_elsewhere": _l(
            "“%(title)s”刚刚在另一个页面提交过了。这一页的文字没有覆盖它，请先复制保存。"
        ),
        "judged_meanwhile": _l(
            "这篇刚刚有人批阅过，或作者交了新的版本。您写的评语还在下面，请看过新的情况再决定。"
        ),
        "guidance_first": _l(
            "还有 %(missing)s 轮指导没有完成，现在不能评分。坊主可以决定结束指导。"
        ),
        "guidance_over": _l("这一篇的指导已经结束，现在不能再发出指导。"),
        "level_missing": _l("“%(criterion)s”还没有选等级。"),
        "level_unknown": _l("“%(criterion)s”没有您选的这个等级，请重新选择。"),
        "no_such_slot": _l("没有这一篇，请从活动页重新进入。"),
        "not_open_yet": _l("还没有到开始时间，暂时不能提交。内容已存为草稿。"),
        "not_reviewable": _l("这篇现在不能批阅：作者正在修改。"),
        "not_your_turn": _l("这一篇现在不用您批阅，刚才的内容没有保存。"),
        "not_writable": _l("这篇已经提交，现在不能修改。需要修改时请联系坊主退回。"),
        "nothing_to_hand_in": _l("这个活动不需要提交。"),
        "other_user": _l(
            "现在登录的是另一位老师，这一页的文字没有保存到您的名下。请从“我的研修”重新进入。"
        ),
        "own_submission": _l("不能批阅自己的文章。"),
        "reject_needs_reason": _l("判为不通过时请写明理由，老师才知道为什么。"),
        "return_needs_advice": _l("退回时请写改进意见，老师才知道怎样改。"),
        "score_missing": _l("请先给出得分或选好等级，这一篇才能计分。"),
        "stale_draft": _l("这篇文章在别处也改过，两份都在，什么也没有被覆盖。"),
        "too_long": _l("正文 %(length)s 字，最多 %(maximum)s 字，请删减后再提交。"),
        "too_many_files": _l("一篇最多附 %(limit)s 个文件。"),
        "too_short": _l(
            "正文 %(length)s 字，至少 %(minimum)s 字，还差 %(missing)s 字"
            "（不计空格和标点）。已存为草稿。"
        ),
        "text_too_large": _l("内容太长，请分成几篇。"),
    }
)
