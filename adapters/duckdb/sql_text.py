"""Names and texts as SQL has them."""


def quoted(name: str) -> str:
    """Return a name as SQL's identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Return a text as SQL's string literal."""
    return "'" + text.replace("'", "''") + "'"


def group_value(column: str) -> str:
    """Return SQL for the value by which a row is grouped: its cell without blanks around it, "" where it is empty."""
    return f"coalesce(trim({quoted(column)}::VARCHAR), '')"
