"""Names and texts as SQL has them."""


def quoted(name: str) -> str:
    """Return a name as SQL's identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Return a text as SQL's string literal."""
    return "'" + text.replace("'", "''") + "'"
