"""``TableReader`` in processes that can be ended: a file that costs too much ends one of them, never the service."""
