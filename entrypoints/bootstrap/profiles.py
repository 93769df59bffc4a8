"""Which composition the settings ask for. Only that one's drivers are imported."""

from contextlib import AbstractAsyncContextManager

from entrypoints.bootstrap.application import Application
from entrypoints.bootstrap.settings import Settings


def opened(settings: Settings) -> AbstractAsyncContextManager[Application]:
    """Everything that serves requests, for as long as the context lasts.

    Raises:
        UnavailableError, ConfigurationError: on entering, what cannot be opened.
    """
    if settings.profile == "cloud":
        from entrypoints.bootstrap.cloud import cloud  # noqa: PLC0415 - its drivers are an extra of the package

        return cloud(settings)
    from entrypoints.bootstrap.embedded import embedded  # noqa: PLC0415 - as above

    return embedded(settings)
