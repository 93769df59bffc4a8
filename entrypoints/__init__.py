"""How the outside reaches the use cases: HTTP, worker, command line, and the one composition root."""
