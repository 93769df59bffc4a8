"""The HTTP API (Litestar): ``app.create_app`` puts it together."""
