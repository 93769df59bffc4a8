"""What a user can do, one frozen dataclass each: ports as fields, ``__call__`` to run."""
