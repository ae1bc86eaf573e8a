"""Passwords: Argon2id, and what makes one too weak.

Argon2id with two passes over 32 MiB took 56 ms on the two-core server of
`libraries.md`; one over 19 MiB 10 ms, two over 64 MiB 155 ms.
"""

import unicodedata
from functools import lru_cache

import regex
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from portal.errors import Invalid
from portal.users.models import User
from portal.users.names import normalise_name

MINIMUM = 8
MAXIMUM = 128
"""Longer ones would only cost the server time."""
OWN = 5
"""Characters a password must have beyond what can be known about the person."""

_WORDS = (
    "password passwort passw0rd letmein welcome iloveyou princess sunshine football "
    "monkey dragon master superman michael shadow baseball trustno administrator "
    "admin teacher student school manager guest default computer internet changeme "
    "secret abcdef qwerty qwertyuiop asdfgh asdfghjkl zxcvbn zxcvbnm qazwsx "
    "qazwsxedc woaini woaiwojia woainima aini laoshi xuexiao jiaoshi yuwen shuxue "
    "yingyu nihao zhongguo wodemima mima buzhidao wangluo tianya "
)
COMMON = frozenset(_WORDS.split())
"""Words that are guessed first; figures and signs around them add nothing."""

_ROWS = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "qazwsxedcrfvtgbyhnujmikolp",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
    "1q2w3e4r5t6y7u8i9o0p",
    "a1b2c3d4e5f6g7h8i9",
)
_DISGUISES = str.maketrans("@$0134", "asolea")
_EDGES = regex.compile(r"^[^\p{L}]+|[^\p{L}]+$")
_REPEATED = regex.compile(r"(.{1,4})\1+.{0,3}", regex.DOTALL)


@lru_cache
def hasher(time_cost: int, memory_kib: int) -> PasswordHasher:
    """The hasher of a configuration."""
    return PasswordHasher(time_cost=time_cost, memory_cost=memory_kib, parallelism=1)


@lru_cache
def _nobodys_hash(chosen: PasswordHasher) -> str:
    return chosen.hash("the password of nobody")


def tidy(password: str) -> str:
    """A password as it is hashed: an input method's full-width letters are plain."""
    return unicodedata.normalize("NFKC", password)


def hash_password(chosen: PasswordHasher, password: str) -> str:
    """What the database keeps of a password."""
    return chosen.hash(tidy(password))


def verify(chosen: PasswordHasher, known: str | None, password: str) -> bool:
    """Whether the password is right; without a hash it costs the same, and is not.

    So the time of an answer does not tell which accounts exist (V22).
    """
    try:
        right = chosen.verify(known or _nobodys_hash(chosen), tidy(password))
    except (VerificationError, InvalidHashError):
        return False
    return right and known is not None


def check_strength(password: str, user: User) -> None:
    """Refuse a password that would be guessed.

    Raises:
        Invalid: "password_too_short", "password_too_long", "password_digits_only",
            "password_common" or "password_own_data".
    """
    text = tidy(password)
    if len(text) < MINIMUM:
        raise Invalid("password_too_short", minimum=MINIMUM)
    if len(text) > MAXIMUM:
        raise Invalid("password_too_long", maximum=MAXIMUM)
    if text.isdigit():
        raise Invalid("password_digits_only")
    plain = text.casefold()
    if _is_common(plain):
        raise Invalid("password_common")
    if len(_without(plain, _known_about(user))) < OWN:
        raise Invalid("password_own_data")


def _is_common(plain: str) -> bool:
    words = {_EDGES.sub("", plain), _EDGES.sub("", plain.translate(_DISGUISES))}
    if words & COMMON or _REPEATED.fullmatch(plain):
        return True
    return len(_without(plain, _runs(plain))) < OWN


def _runs(plain: str) -> list[str]:
    """Parts of four and more that follow the keyboard or the alphabet."""
    runs = []
    for row in (*_ROWS, *(row[::-1] for row in _ROWS)):
        for start in range(len(plain) - 3):
            length = 0
            while plain[start : start + length + 1] in row:
                length += 1
                if start + length >= len(plain):
                    break
            if length >= 4:
                runs.append(plain[start : start + length])
    return runs


def _known_about(user: User) -> list[str]:
    """What a colleague knows: names, numbers and the day of birth."""
    parts = [user.username.casefold(), normalise_name(user.username), user.name]
    if user.mobile:
        parts += [user.mobile, user.mobile[-8:], user.mobile[-6:], user.mobile[-4:]]
    if user.email:
        parts.append(user.email.casefold().partition("@")[0])
    if user.id_no_masked:
        parts += [user.id_no_masked[:6], user.id_no_masked[-4:]]
    if born := user.birth_date:
        parts += [f"{born:%Y%m%d}", f"{born:%y%m%d}", f"{born:%m%d}", f"{born:%Y}"]
    return [part for part in parts if len(part) >= 2]


def _without(text: str, parts: list[str]) -> str:
    for part in sorted(parts, key=len, reverse=True):
        text = text.replace(part, "")
    return text
