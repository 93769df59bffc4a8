"""Command-line options made of a settings struct's fields."""

from dataclasses import field, make_dataclass
from enum import EnumType
from typing import Annotated, Any, Final

from cyclopts import Parameter
from cyclopts.validators import Number

from domain.struct import Struct
from entrypoints.parameters import OptionField, S, option_fields

SHORT: Final = {"time_column": "--time", "metric_columns": "--metric"}  # typed so often that they have a shorter name


def option_name(option: OptionField) -> str:
    """Return what the command line calls a field: ``--column-type`` for one item of ``column_types``."""
    return SHORT.get(option.field) or "--" + (option.text.once or option.field).replace("_", "-")


def flags_of(struct: type[Struct]) -> type[Any]:
    """Make a dataclass with one command-line option for each field of a settings struct."""
    flags = [(option.field, _flag(option), field(default=_default(option))) for option in option_fields(struct)]
    # Without its module cyclopts takes the class for one of Python's own, and does not look at its fields.
    return make_dataclass(
        f"{struct.__name__}Flags", flags, frozen=True, kw_only=True, namespace={"__module__": __name__}
    )


def from_flags(struct: type[S], flags: object) -> S:
    """Make the struct of what was given. Raises InvalidInputError naming the option."""
    values = {}
    for option in option_fields(struct):
        given = getattr(flags, option.field)
        if isinstance(given, str) and option.is_text:
            given = option.value([given], option_name(option)) if given else None
        elif option.many and given:
            given = option.value(given, option_name(option))
        if given is not None:
            values[option.field] = given
    return struct(**values)


def _default(option: OptionField) -> Any:
    return None if option.many or option.text.read is not None else option.default


def _flag(option: OptionField) -> Any:
    kind: Any = option.kind
    validator = None
    if option.many:
        kind = list[str] | None
    elif option.text.read is not None:
        kind = str | None
    elif kind in {int, float}:
        validator = Number(gte=option.least, lte=option.most)
    if option.default is None:
        kind |= None
    repeat = f" ({option.text.example}); repeat for more" if option.many else ""
    return Annotated[
        kind,
        Parameter(
            name=option_name(option),
            help=option.description.rstrip(".") + repeat,
            negative=None if option.kind is bool else "",
            show_choices=isinstance(option.kind, EnumType),
            validator=validator,
        ),
    ]
