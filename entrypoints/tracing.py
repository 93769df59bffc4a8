"""Traces by OpenTelemetry, where ``DRIFTLINE_OTLP_ENDPOINT`` asks for them; else nothing of it is imported.

Spans name what was done and to which dataset. What is in a file stays out of them, the texts of errors included.
OpenTelemetry's own variables hold too: ``OTEL_SERVICE_NAME``, ``OTEL_TRACES_SAMPLER``, ``OTEL_EXPORTER_OTLP_HEADERS``.
"""

import asyncio
import inspect
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final, Literal, TypeVar, cast

from domain.datasets.dataset import Dataset
from domain.errors import ConfigurationError
from domain.ports.work import Job

Kind = Literal["internal", "server", "consumer"]
Named = TypeVar("Named")

NAME: Final = "driftline"
SEND_SECONDS: Final = 5.0  # for one request to the collector
FAREWELL_SECONDS: Final = 2.0  # a collector that is away must not hold up a process that stops


class Tracing:
    """Spans of this process, sent to a collector in the background."""

    def __init__(self, provider: Any, give_up: Callable[[], None]) -> None:
        from opentelemetry.trace.propagation.tracecontext import (  # noqa: PLC0415 - an extra of the package
            TraceContextTextMapPropagator,
        )

        self._provider, self._give_up = provider, give_up
        self._tracer = provider.get_tracer(NAME)
        self._propagator = TraceContextTextMapPropagator()

    async def open(self) -> None:
        """Nothing to do: the collector is first asked when there is something to send."""

    async def close(self) -> None:
        """Send what is left, for a moment."""
        sending = asyncio.create_task(asyncio.to_thread(self._provider.shutdown))
        await asyncio.wait([sending], timeout=FAREWELL_SECONDS)
        if not sending.done():
            self._give_up()
        await sending

    @contextmanager
    def span(
        self, name: str, attributes: Mapping[str, Any] | None = None, *, kind: Kind = "internal", parent: str = ""
    ) -> Iterator[Any]:
        """Time what is done inside. ``parent``: a W3C ``traceparent`` from elsewhere; else the span around this one."""
        from opentelemetry.trace import SpanKind, StatusCode  # noqa: PLC0415 - as above

        context = self._propagator.extract({"traceparent": parent}) if parent else None
        with self._tracer.start_as_current_span(
            name, context, kind=SpanKind[kind.upper()], attributes=attributes, record_exception=False,
            set_status_on_exception=False,
        ) as span:  # fmt: skip
            try:
                yield span
            except Exception as error:
                span.set_attribute("error.type", type(error).__name__)
                span.set_status(StatusCode.ERROR)
                raise

    def traceparent(self) -> str:
        """The current span in W3C's form, to go with work that is done elsewhere; empty outside of any."""
        carrier: dict[str, str] = {}
        self._propagator.inject(carrier)
        return carrier.get("traceparent", "")

    def around(self, inner: Named, spans: Mapping[str, str]) -> Named:
        """The same object; each of these methods (by name) is a span (of this name)."""
        return cast("Named", _Traced(inner, spans, self))


def opened_tracing(endpoint: str | None) -> Tracing | None:
    """Tracing to an OTLP/HTTP collector, for example http://localhost:4318; None if none is named.

    Raises:
        ConfigurationError: the packages for it are missing.
    """
    if endpoint is None:
        return None
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import (  # noqa: PLC0415 - an extra of the package
            OTLPSpanExporter,
        )
        from opentelemetry.sdk.resources import Resource  # noqa: PLC0415 - as above
        from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415 - as above
        from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415 - as above
    except ImportError as error:
        raise ConfigurationError(
            f"DRIFTLINE_OTLP_ENDPOINT needs packages that are missing ({error.name}): install driftline[tracing].",
            settings={"DRIFTLINE_OTLP_ENDPOINT": endpoint},
        ) from error
    named = {"service.name": os.environ.get("OTEL_SERVICE_NAME", NAME)}
    provider = TracerProvider(resource=Resource.create(named), shutdown_on_exit=False)
    exporter = OTLPSpanExporter(f"{endpoint.rstrip('/')}/v1/traces", timeout=SEND_SECONDS)
    provider.add_span_processor(BatchSpanProcessor(exporter))
    return Tracing(provider, exporter.shutdown)


def of_job(job: Job) -> dict[str, Any]:
    """What a span says of a job."""
    return {"driftline.dataset": job.dataset_id, "driftline.version": job.version, "driftline.kind": str(job.kind)}


class _Traced:
    def __init__(self, inner: Any, spans: Mapping[str, str], tracing: Tracing) -> None:
        self._inner, self._spans, self._tracing = inner, spans, tracing

    def __getattr__(self, name: str) -> Any:
        attribute = getattr(self._inner, name)
        return self._timed(attribute, self._spans[name]) if name in self._spans else attribute

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        return self._timed(self._inner.__call__, self._spans["__call__"])(*arguments, **named)

    def _timed(self, call: Callable[..., Any], span: str) -> Callable[..., Any]:
        if inspect.iscoroutinefunction(call):

            async def awaited(*arguments: Any, **named: Any) -> Any:
                with self._tracing.span(span, _about(arguments)):
                    return await call(*arguments, **named)

            return awaited

        def called(*arguments: Any, **named: Any) -> Any:
            with self._tracing.span(span, _about(arguments)):
                return call(*arguments, **named)

        return called


def _about(arguments: tuple[Any, ...]) -> dict[str, Any]:
    for one in arguments:
        if isinstance(one, Dataset):
            return {"driftline.dataset": one.id, "driftline.version": one.version}
        if isinstance(one, Job):
            return of_job(one)
    return {}
