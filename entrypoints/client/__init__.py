"""A typed client of the HTTP API: ``from entrypoints.client.driftline import Driftline`` (extra ``client``)."""
