"""Where the records are in a JSON value: a module per kind of shape, SHAPES in their order."""
