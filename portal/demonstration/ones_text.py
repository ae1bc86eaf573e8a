"""What was asked after the training of the demonstration, and what came."""

from dataclasses import dataclass

PROJECT = "县级骨干教师短期培训"
THEME = "把学到的带回课堂"
TRAININGS = ("骨干教师短期培训（第一期）", "骨干教师短期培训（第二期）")
SUMMARY = "三天集中研修，返校以后用一个月的时间完成“三个一”。"
TITLE = "返校“三个一”"
INSTRUCTIONS = (
    "培训不在听了多少，在回去用了多少。请在截止以前完成下面三项，每一项由坊主审核。"
)
DUTIES = (
    ("一节展示课", "link", "课堂录像或校园网报道的网址，并写一句上了什么。", 0),
    ("一篇反思", "text", "写这节课里用上的一处培训所得，效果怎样。", 60),
    ("一次校内讲座", "text", "什么时候讲的，谁来听，讲了哪几点，大家问了什么。", 40),
)
"""Title, kind, evidence and least length."""

ADVICE = "用上了什么、学生有什么不同，写得再具体一点，最好有一处课堂原话。"


@dataclass(frozen=True)
class Answers:
    """What one person handed in for each duty; the empty word is nothing."""

    link: str = ""
    reflection: str = ""
    talk: str = ""
    accepted: tuple[int, ...] = ()
    returned: tuple[int, ...] = ()


PEOPLE = (
    Answers(
        "https://school.example/news/20",
        "集中研修里学到的“先估一估再算”，我用在了三位数乘两位数上。学生先说大概是多少，"
        "再动笔，算错的自己就发现了。以前我总是改完作业才知道谁错了，现在当堂就能看见。",
        "周三教研活动上讲的，全校十一位老师来听。讲了估算意识和错题的两种用法，"
        "大家问得最多的是时间不够怎么办，我把课前三分钟的安排给大家看了。",
        accepted=(1, 2, 3),
    ),
    Answers(
        "https://school.example/news/23",
        "我把培训时看的“同桌互讲”搬回来试，第一次乱成一团，第二次给每桌一张提示条："
        "先说算了什么，再说为什么。第三次就能听见有孩子说“等一下，这一步我没懂”。",
        "在片区联校讲了一次，来了三个学校的数学老师，讲互讲提示条怎么一步步减下来。"
        "有老师问低年级能不能用，我说先从说一句话开始。",
        accepted=(1, 2),
    ),
    Answers(
        "https://school.example/video/7",
        "这次展示课我只准备了三个问题，其余的时间留给学生画图。画线段图时有两种画法，"
        "一个孩子走上来把两张图叠在一起比，全班都看懂了。少讲一点，学生真的会多想一点。",
        accepted=(1, 2),
    ),
    Answers(
        "https://school.example/video/9",
        "培训以后我改变了教学观念，课堂气氛更活跃了，学生学习的兴趣提高了，今后要继续努力，"
        "不断学习新的理念，把培训所得运用到教学中去，争取更大的进步。",
        accepted=(1,),
        returned=(2,),
    ),
    Answers("https://school.example/news/31"),
    Answers(),
)
