"""Fields of a settings struct as parameters: of forms, queries, request bodies, the command line and the client.

``ParseOptions`` and ``AnalysisSettings`` are the only places where an option is declared: its name, type, default,
limits, description, and how it is written where there is only text (``domain.struct.AsText``). Whatever takes options
derives its own form of them here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import EnumType
from functools import lru_cache
from types import UnionType
from typing import Annotated, Any, Final, TypeVar, Union, get_args, get_origin, get_type_hints

import msgspec
from msgspec import Meta

from domain.errors import InvalidInputError
from domain.struct import AsText, Struct, camel

S = TypeVar("S", bound=Struct)
NO_TEXT: Final = AsText()
TRUTH: Final = {"true": True, "false": False}


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionField:
    """One field.

    Attributes:
        field: its name in the struct.
        kind: the type of its value, without None; of a tuple that of its items.
        many: whether it is a tuple.
        default: what holds where nothing is given.
        description: of the field, for people.
        text: how it is written as text.
        least: smallest value if it is a number with limits.
        most: largest value if it is a number with limits.
    """

    field: str
    kind: Any
    many: bool
    default: Any
    description: str
    text: AsText
    least: float | None
    most: float | None

    @property
    def repeated(self) -> bool:
        """Whether its items are texts of their own, given one after the other under one name."""
        return self.many and not self.text.between

    @property
    def form_name(self) -> str:
        """What forms and queries call it."""
        return camel(self.text.once if self.repeated else self.field)

    @property
    def body_name(self) -> str:
        """What JSON bodies call it."""
        return camel(self.field)

    @property
    def range(self) -> str:
        """The limits of a number in words; empty if it has none."""
        return "" if self.least is None or self.most is None else f"it goes from {self.least:g} to {self.most:g}"

    @property
    def is_text(self) -> bool:
        """Whether any text may be given, to be read or to be taken as it is."""
        return self.text.read is not None or self.kind is str

    def items(self, text: str) -> list[str]:
        """Divide one text into the items it holds."""
        if not self.text.between:
            return [text]
        return [item.strip() for item in text.split(self.text.between) if item.strip()]

    def value(self, texts: Sequence[str], called: str) -> object:
        """Read the value from its texts.

        Raises:
            InvalidInputError: it is none of this field, or there are too many; ``called`` is the user's name for it.
        """
        if not self.many:
            return self._one(texts[0], called)
        values = tuple(self._one(item, called) for text in texts for item in self.items(text))
        if self.text.most is not None and len(values) > self.text.most:
            raise InvalidInputError(
                f"{called}: {len(values):,} are given; at most {self.text.most:,} can be.", field=called
            )
        return values

    def _one(self, text: str, called: str) -> object:
        if self.text.read is not None:
            return self.text.read(text, called)
        if self.kind is str:
            return text
        if self.kind is bool:
            return _chosen(TRUTH, text, called)
        if isinstance(self.kind, EnumType):
            return _chosen(members(self.kind), text, called)
        return self._whole(text, called) if self.kind is int else self._number(text, called)

    def _whole(self, text: str, called: str) -> int:
        least, most = int(self.least or 0), int(self.most or 0)
        plain = text.isascii() and text.isdigit() and len(text) <= len(str(most))
        if not plain or not least <= int(text) <= most:
            raise InvalidInputError(f"{called}: {text!r} is not a whole number from {least} to {most:,}.", field=called)
        return int(text)

    def _number(self, text: str, called: str) -> float:
        try:
            value = float(text)
        except ValueError as error:
            raise InvalidInputError(f"{called}: {text!r} is no number.", field=called) from error
        if self.least is not None and self.most is not None and not self.least <= value <= self.most:
            raise InvalidInputError(f"{called} is {value:g}; {self.range}.", field=called)
        return value


def members(kind: Any) -> dict[str, Any]:
    """Return the values that a choice has, by their texts."""
    return {str(member): member for member in kind}


@lru_cache
def option_fields(struct: type[Struct]) -> tuple[OptionField, ...]:
    """Return the fields of a settings struct, in their order."""
    hints = get_type_hints(struct, include_extras=True)
    return tuple(_option_field(field, hints[field.name]) for field in msgspec.structs.fields(struct))


def texts_to(struct: type[S], given: Mapping[str, Sequence[str]], *, blank_is_given: bool = False) -> S:
    """Make the struct of what a form or a query gives under ``form_name``; other names are passed over.

    Args:
        struct: which settings.
        given: texts by name, in their order.
        blank_is_given: whether a blank number or choice is refused, not taken for none.

    Raises:
        InvalidInputError: names the parameter and what it may be.
    """
    values = {}
    for option in option_fields(struct):
        texts = [text for text in given.get(option.form_name, ()) if not _blank(option, text, refused=blank_is_given)]
        if texts:
            values[option.field] = option.value(texts, option.form_name)
    return struct(**values)


def body_to(struct: type[S], body: object) -> S:
    """Make the struct of a request body that has the fields of ``body_fields``. Raises InvalidInputError."""
    values = {}
    for option in option_fields(struct):
        value = getattr(body, option.field)
        if isinstance(value, str) and option.is_text:
            value = option.value([value], option.body_name) if value else None
        elif option.repeated and value:
            value = tuple(_item(option, item) for item in value if item != "")
        if value is not None and value != ():
            values[option.field] = value
    return struct(**values)


def body_fields(struct: type[Struct]) -> list[tuple[str, Any, Any]]:
    """Return the fields of a request body (name, type, default) that takes these settings."""
    return [(option.field, *_in_body(option)) for option in option_fields(struct)]


def _in_body(option: OptionField) -> tuple[Any, Any]:
    """What JSON has for a field: texts where there is a reader, numbers and choices as they are."""
    meta = Meta(
        description=option.description,
        examples=[option.text.example] if option.text.example and not option.repeated else None,
    )
    if option.repeated:
        item: Any = option.kind if option.text.read is None else option.kind | str
        items: Any = tuple.__class_getitem__((item, ...))
        return Annotated[items, meta], ()
    if option.is_text:
        return Annotated[str | None, meta], None
    if option.least is not None and option.most is not None:
        limited: Any = Annotated[option.kind, Meta(description=option.description, ge=option.least, le=option.most)]
        return (limited if option.default is not None else limited | None), option.default
    plain: Any = option.kind if option.default is not None else option.kind | None
    return Annotated[plain, meta], option.default


def _item(option: OptionField, item: object) -> object:
    return option.value([item], option.body_name)[0] if isinstance(item, str) else item  # type: ignore[index] # of many


def _blank(option: OptionField, text: str, *, refused: bool) -> bool:
    if option.text.read is not None:
        return text == ""  # a blank may be meant: as a delimiter
    return not text.strip() and (option.kind is str or not refused)


def _chosen(choices: Mapping[str, Any], text: str, called: str) -> object:
    if text not in choices:
        raise InvalidInputError(
            f"{called}: {text!r} is not possible; choose {_listed(list(choices))}.",
            field=called,
            choices=list(choices),
        )
    return choices[text]


def _listed(choices: Sequence[str]) -> str:
    return " or ".join(choices) if len(choices) == 2 else f"one of {', '.join(choices)}"  # noqa: PLR2004 - true, false


def _option_field(field: msgspec.structs.FieldInfo, hint: Any) -> OptionField:
    metas: list[Meta] = []
    text = NO_TEXT
    kind, many = hint, False
    while True:
        origin, inner = get_origin(kind), get_args(kind)
        if origin is Annotated:
            metas += [note for note in inner[1:] if isinstance(note, Meta)]
            text = next((note for note in inner[1:] if isinstance(note, AsText)), text)
            kind = inner[0]
        elif origin in {Union, UnionType}:
            (kind,) = (one for one in inner if one is not type(None))
        elif origin is tuple:
            kind, many = inner[0], True
        else:
            break
    described = next((meta for meta in metas if meta.description), Meta())
    limits = next((meta for meta in metas if meta.ge is not None), Meta())
    return OptionField(
        field=field.name,
        kind=kind,
        many=many,
        default=field.default,
        description=described.description or "",
        text=text,
        least=limits.ge,
        most=limits.le,
    )
