"""Names as they are compared, so that look-alikes are the same name (V30).

`admin`, `Admin`, `admin`, `admin` with an invisible character and `аdmin` with a
Cyrillic а are one user name: whoever has it, nobody else can seem to.
"""

import unicodedata

import regex

_INVISIBLE = regex.compile(r"[\p{C}\p{Z}\p{M}\p{Default_Ignorable_Code_Point}]")
_NOT_DIGITS = regex.compile(r"[^0-9]")

# Letters of other alphabets beside the Latin ones that they look like, judged by
# their capitals where these are alike and else by their small letters (a choice
# among Unicode's confusables.txt: the letters that have no mark of their own).
_CYRILLIC = dict(
    zip("авеёкмнорстухіїјѕԁԛԝһѵүгԍӏьҽ", "abeekmhopctyxiijsdqwhvyrgibe", strict=True)
)
_GREEK = dict(zip("αβεζηικμνορτυχϲϳγω", "abezhikmnoptyxcjyw", strict=True))
_LATIN = dict(zip("ɑɡıȷſɩʋɾᴏ", "agijsivro", strict=True))
_LOOK_ALIKE = str.maketrans({**_CYRILLIC, **_GREEK, **_LATIN})


def normalise_name(name: str) -> str:
    """A user name or mail address as it is compared; never shown.

    NFKC for full-width letters, then without what cannot be seen (blanks, marks,
    control and format characters), case folded, look-alikes as Latin letters.
    """
    folded = unicodedata.normalize("NFKC", name).casefold()
    plain = _INVISIBLE.sub("", unicodedata.normalize("NFKD", folded))
    return unicodedata.normalize("NFKC", plain.translate(_LOOK_ALIKE))


def normalise_mobile(text: str) -> str:
    """A mobile number as it is stored: eleven digits, without +86 and blanks."""
    digits = _NOT_DIGITS.sub("", unicodedata.normalize("NFKC", text))
    return (
        digits.removeprefix("0086").removeprefix("86") if len(digits) > 11 else digits
    )


def mask_mobile(mobile: str | None) -> str | None:
    """The first three and last four digits: 138****0012."""
    if mobile is None or len(mobile) < 8:
        return mobile and "*" * len(mobile)
    return f"{mobile[:3]}{'*' * (len(mobile) - 7)}{mobile[-4:]}"


def mask_email(email: str | None) -> str | None:
    """The first letter and the host: c***@example.com."""
    if email is None or "@" not in email:
        return email and "***"
    local, _, host = email.rpartition("@")
    return f"{local[:1]}***@{host}"
