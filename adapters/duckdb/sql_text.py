"""Names and texts as SQL has them."""

from domain.timeseries.segment import Segment


def quoted(name: str) -> str:
    """Return a name as SQL's identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Return a text as SQL's string literal."""
    return "'" + text.replace("'", "''") + "'"


def in_segment(segment: Segment) -> str:
    """Return SQL for whether a row belongs to a segment."""
    conditions = [f"{group_value(one.column)} IN ({', '.join(map(literal, one.values))})" for one in segment]
    return " AND ".join(conditions) or "true"


def group_value(column: str) -> str:
    """Return SQL for the value by which a row is grouped: its cell without blanks around it, "" where it is empty."""
    return f"coalesce(trim({quoted(column)}::VARCHAR), '')"
