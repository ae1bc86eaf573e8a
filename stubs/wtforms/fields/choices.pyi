# types-WTForms stands at 3.2; since 3.3 a choice is a SelectChoice, and a tuple warns.
# This file and the two __init__ beside it stand before that package's, which still
# types all other fields. They go when it knows SelectChoice.

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from wtforms.fields.core import Field

_Choices: TypeAlias = Iterable[SelectChoice]

@dataclass
class SelectChoice:
    value: Any  # what the field's coerce takes
    label: object = ...  # words, also those worded when they are shown
    render_kw: dict[str, Any] = field(default_factory=dict)
    optgroup: str | None = None
    def __iter__(self) -> Iterator[Any]: ...

class SelectFieldBase(Field):
    def iter_choices(self) -> Iterator[Any]: ...
    def has_groups(self) -> bool: ...
    def iter_groups(self) -> Iterator[tuple[str, Iterable[Any]]]: ...
    def __iter__(self) -> Iterator[Any]: ...

class SelectField(SelectFieldBase):
    coerce: Callable[[Any], Any]
    choices: Sequence[SelectChoice] | None
    validate_choice: bool
    def __init__(
        self,
        label: str | None = None,
        validators: Sequence[Any] | None = None,
        coerce: Callable[[Any], Any] = ...,
        choices: _Choices | Callable[[], _Choices] | None = None,
        validate_choice: bool = True,
        **options: Any,
    ) -> None: ...

class SelectMultipleField(SelectField):
    data: list[Any] | None

class RadioField(SelectField): ...
