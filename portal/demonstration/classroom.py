"""The class that a teacher writes about: the same in each of the teacher's journals."""

from dataclasses import dataclass
from hashlib import sha256

_HAN = "零一二三四五六七八九十"


@dataclass(frozen=True)
class Classroom:
    """A teacher's class, drawn from the name alone."""

    grade: int
    number: int
    size: int
    start: int  # lessons by which the class is ahead of the first week
    writes_digits: bool

    @property
    def name(self) -> str:
        """As the teacher writes it: 三（2）班 or 三年级二班."""
        grade = _HAN[self.grade]
        if self.writes_digits:
            return f"{grade}（{self.number}）班"
        return f"{grade}年级{_HAN[self.number]}班"

    def numeral(self, number: int) -> str:
        """``number`` (0-99) in the teacher's own way: 38 or 三十八."""
        if self.writes_digits:
            return str(number)
        tens, ones = divmod(number, 10)
        if not tens:
            return _HAN[ones]
        return f"{_HAN[tens] if tens > 1 else ''}十{_HAN[ones] if ones else ''}"


def classroom(teacher_name: str, grades: tuple[int, ...], most_ahead: int) -> Classroom:
    """The class of ``teacher_name`` in one of ``grades``.

    It starts between 0 and ``most_ahead`` lessons ahead.
    """

    traits = sha256(teacher_name.encode()).digest()
    return Classroom(
        grade=grades[traits[0] % len(grades)],
        number=1 + traits[1] % 4,
        size=31 + traits[2] % 15,
        start=traits[3] % (most_ahead + 1),
        writes_digits=traits[4] % 2 == 0,
    )
