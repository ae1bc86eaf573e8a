"""The words of a records sheet: what can be measured, and what it is called.

A sheet may hold the code or the word. A scheme may count a measure that is not in
this list; whoever reads a sheet for that scheme adds it (`Terms.measures`).
"""

from portal.users.codes import CodeList

MEASURES = CodeList(
    {
        "marks": "得分",
        "entries": "篇数",
        "minutes": "分钟",
        "watch_minutes": "观看分钟",
        "class_hours": "学时",
        "posts": "发帖",
        "topics": "主题帖",
        "replies": "回帖",
        "essence": "精华帖",
        "comments": "评论",
        "questions": "提问",
        "logs": "日志",
        "resources": "资源",
        "ratings": "评分次数",
        "follows": "关注",
        "recommended": "被推荐",
        "downloads": "被下载",
        "points": "积分",
        "plans": "计划",
        "summaries": "总结",
        "rules": "制度",
        "records": "活动记录",
        "checks": "检查",
        "meetings": "会议",
        "activities": "活动",
        "lessons": "课例",
        "lessons_observed": "听课",
        "papers": "论文",
        "awards": "获奖",
        "photos": "照片",
        "notes": "笔记",
        "attended": "到场",
        "absent": "缺席",
        "arrived_late": "迟到",
        "left_early": "早退",
        "on_leave": "请假",
        "events": "场次",
        "duties": "任务",
        "opened": "打开",
        "characters": "字数",
        "score": "得分率",
        "in_time": "按时",
        "late": "迟交",
        "late_minutes": "迟交分钟",
        "rejected": "驳回",
        "exempt": "免做",
        "missing": "缺少",
        "qualified": "合格人数",
        "share_qualified": "合格率",
        "participants": "参训人数",
        "participation": "参训率",
        "share_submitted": "提交率",
    }
)
"""Code to word. A measure that other features report keeps their name."""


def measure_word(name: str) -> str:
    """What a measure is called in a sheet; its name where the portal has no word."""
    return MEASURES.words.get(name, name)
