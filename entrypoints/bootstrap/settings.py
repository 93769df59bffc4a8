"""Settings from the environment (or ``.env``), prefix ``DRIFTLINE_``. Every wrong one is named at once.

A value may also come from a file named by ``DRIFTLINE_<NAME>_FILE``, as Docker secrets do. A variable with our
prefix that we do not know is refused: a typing error must not silently leave a default in force.
"""

import difflib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Final, Literal
from urllib.parse import urlsplit

import msgspec
from dotenv import dotenv_values
from msgspec import Meta

from adapters.duckdb.limits import DEFAULT_LIMITS, GIB, MEMORY, MOST_NESTING, PREFIX
from domain.errors import ConfigurationError

MIN_SECRET_BYTES: Final = 32  # RFC 7518 section 3.2: an HS256 key has at least the hash's 256 bits
FRONTEND: Final = Path(__file__).resolve().parents[2] / "frontend" / "dist"
_FOR_CLOUD: Final = ("jwt_secret", "postgres_dsn", "mongo_uri", "redis_url", "s3_bucket", "sqs_queue_url")

# How an address begins, and how one looks. Whatever is wrong is named when a process starts, not one by one as the
# stores are opened; the value itself may hold a password, so it is not repeated.
_ADDRESSES: Final[Mapping[str, tuple[tuple[str, ...], str]]] = {
    "postgres_dsn": (("postgresql://", "postgres://"), "postgresql://user:password@host:5432/database"),
    "mongo_uri": (("mongodb://", "mongodb+srv://"), "mongodb://user:password@host:27017/driftline"),
    "redis_url": (("redis://", "rediss://", "unix://"), "redis://host:6379/0 (rediss:// for TLS)"),
    "s3_endpoint_url": (("https://", "http://"), "https://host:9000"),
    "s3_public_url": (("https://", "http://"), "https://files.example.com"),
    "sqs_queue_url": (("https://", "http://"), "https://sqs.us-east-1.amazonaws.com/123456789012/driftline"),
    "otlp_endpoint": (("https://", "http://"), "http://collector:4318"),
}

Positive = Annotated[int, Meta(ge=1)]


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that may be set. The descriptions are the table of the documentation."""

    profile: Annotated[
        Literal["embedded", "cloud"],
        Meta(description="`embedded`: one process, nothing else to install; `cloud`: a team"),
    ] = "embedded"
    data_dir: Annotated[Path, Meta(description="Where the embedded profile keeps everything")] = Path("data")
    host: Annotated[str, Meta(description="Address to listen on")] = "127.0.0.1"
    port: Annotated[int, Meta(ge=0, le=65535, description="Port to listen on")] = 8000
    jwt_secret: Annotated[
        str | None,
        Meta(
            description="Key that signs access tokens, at least 32 bytes; the embedded profile makes and keeps its own"
        ),
    ] = None
    max_upload_bytes: Annotated[Positive, Meta(description="Largest file that may be uploaded")] = 2 * GIB
    max_unpacked_bytes: Annotated[
        Positive, Meta(description="Largest size a compressed file may unpack to, or a Parquet file have in memory")
    ] = DEFAULT_LIMITS.max_unpacked_bytes
    max_rows: Annotated[Positive, Meta(description="Most rows of a file that are read")] = DEFAULT_LIMITS.max_rows
    max_columns: Annotated[Positive, Meta(description="Most columns of a file that are read")] = (
        DEFAULT_LIMITS.max_columns
    )
    max_nesting: Annotated[
        int, Meta(ge=1, le=MOST_NESTING, description="Most objects and lists inside each other, in JSON and Parquet")
    ] = DEFAULT_LIMITS.max_nesting
    max_cells: Annotated[Positive, Meta(description="Most cells of a sheet of a workbook, empty ones too")] = (
        DEFAULT_LIMITS.max_cells
    )
    preview_seconds: Annotated[Positive, Meta(description="Longest time to look at the head of a file")] = 30
    reading_seconds: Annotated[Positive, Meta(description="Longest time to read a whole file")] = 3_600
    reading_memory_bytes: Annotated[
        Annotated[int, Meta(ge=512 * 1024**2)],
        Meta(description="Memory of the process that reads a file, beside `DRIFTLINE_PROCESSING_MEMORY`"),
    ] = 3 * GIB // 2
    processing_jobs: Annotated[Positive, Meta(description="Datasets processed at the same time")] = 1
    processing_threads: Annotated[Positive, Meta(description="Threads DuckDB may use for one dataset")] = 2
    processing_memory: Annotated[str, Meta(description="Memory DuckDB may use before it spills to disk")] = MEMORY
    cache_bytes: Annotated[Positive, Meta(description="Memory for finished analyses in the process")] = 64 * 1024**2
    bcrypt_cost: Annotated[int, Meta(ge=4, le=16, description="Work factor of password hashes")] = 12
    secure_cookies: Annotated[
        bool, Meta(description="Set to true behind TLS: cookies are sent over HTTPS only, HSTS is on")
    ] = False
    trusted_proxies: Annotated[
        str,
        Meta(
            description="Reverse proxies, as addresses or networks with commas between, whose `X-Forwarded-For` and "
            "`X-Forwarded-Proto` are believed; rate limits then count the visitors behind them"
        ),
    ] = ""
    cors_origins: Annotated[
        str,
        Meta(
            description="Origins, with commas between (`https://app.example.com`), whose pages may call the API from "
            "a browser; none without it"
        ),
    ] = ""
    waiting_uploads: Annotated[
        Positive, Meta(description="Files of one user that may wait to be processed; the next one is refused (429)")
    ] = 200
    waiting_requests: Annotated[
        Positive,
        Meta(
            description="Analyses that may wait to be computed in one process, and as many previews and as many "
            "sign-ins; the next one is answered 503 with `Retry-After`"
        ),
    ] = 32
    clean_up_minutes: Annotated[
        int,
        Meta(
            ge=0,
            le=10_080,
            description="How often what crashes left behind is cleared; 0: never (while a backup is restored)",
        ),
    ] = 60
    drain_seconds: Annotated[
        int,
        Meta(
            ge=0,
            le=300,
            description="Asked to stop, the server says so at `/api/health/ready` for so long before it refuses new "
            "requests; a load balancer needs it to look away",
        ),
    ] = 0
    login_attempts: Annotated[Positive, Meta(description="Sign-ins allowed per account in 15 minutes")] = 10
    login_attempts_per_address: Annotated[
        Positive, Meta(description="Sign-ins allowed per network address in 15 minutes")
    ] = 100
    registrations_per_address: Annotated[
        Positive, Meta(description="Registrations allowed per network address in 15 minutes")
    ] = 30
    frontend_dir: Annotated[Path, Meta(description="Where the built page lies")] = FRONTEND
    log_level: Annotated[
        Literal["debug", "info", "warning", "error"], Meta(description="Least important log line to write")
    ] = "info"
    log_format: Annotated[Literal["console", "json"], Meta(description="Log lines for people or for machines")] = (
        "console"
    )
    postgres_dsn: Annotated[str | None, Meta(description="Cloud: PostgreSQL, users and sessions")] = None
    mongo_uri: Annotated[
        str | None, Meta(description="Cloud: MongoDB with the database's name, datasets and analyses")
    ] = None
    redis_url: Annotated[str | None, Meta(description="Cloud: Redis, the cache")] = None
    s3_bucket: Annotated[str | None, Meta(description="Cloud: bucket for files")] = None
    s3_endpoint_url: Annotated[str | None, Meta(description="Cloud: another S3 than Amazon's")] = None
    s3_public_url: Annotated[
        str | None,
        Meta(description="Cloud: where browsers reach that other S3, if at another address"),
    ] = None
    direct_uploads: Annotated[
        bool,
        Meta(description="Cloud: browsers send files straight to the bucket, which needs a CORS rule (docs/cloud.md)"),
    ] = True
    sqs_queue_url: Annotated[str | None, Meta(description="Cloud: queue of the bucket's events")] = None
    worker_hold_seconds: Annotated[
        int, Meta(ge=3, le=43_200, description="Cloud: after so long another worker takes up what a dead one left")
    ] = 60
    metrics_port: Annotated[
        Annotated[int, Meta(ge=0, le=65535)] | None,
        Meta(description="Cloud: port at which a worker answers /metrics and /api/health, on HOST"),
    ] = None
    otlp_endpoint: Annotated[
        str | None,
        Meta(description="Where traces go, as OTLP over HTTP: `http://collector:4318`; needs `driftline[tracing]`"),
    ] = None
    worker_patience_seconds: Annotated[
        int,
        Meta(ge=0, description="Cloud: so long may a worker that is told to stop finish what it has in hand"),
    ] = 20
    aws_region: Annotated[str, Meta(description="Cloud: region of bucket and queue")] = "us-east-1"

    @property
    def allowed_origins(self) -> frozenset[str]:
        """``cors_origins`` one by one."""
        return frozenset(filter(None, (origin.strip() for origin in self.cors_origins.split(","))))


def load(environ: Mapping[str, str], dotenv: Path | None = Path(".env")) -> Settings:
    """Read the settings; the environment wins over ``.env``.

    Raises:
        ConfigurationError: names every wrong, unknown and missing variable, and what each should be.
    """
    given = {**(dotenv_values(dotenv) if dotenv and dotenv.is_file() else {}), **environ}
    known = {f"{PREFIX}{name.upper()}": name for name in Settings.__struct_fields__}
    values: dict[str, Any] = {}
    problems: dict[str, str] = {}
    for variable, text in given.items():
        if not variable.startswith(PREFIX) or text is None:
            continue
        try:
            name, content = _content(variable, text, known)
            values[name] = _parsed(name, content)
        except (OSError, ValueError) as error:
            problems[variable] = str(error)
    problems |= _missing(values)
    if problems:
        listed = "\n".join(f"  {variable}: {problem}" for variable, problem in sorted(problems.items()))
        raise ConfigurationError(f"These settings need your attention:\n{listed}", settings=problems)
    return Settings(**values)


def _content(variable: str, text: str, known: Mapping[str, str]) -> tuple[str, str]:
    if variable in known:
        return known[variable], text
    plain = variable.removesuffix("_FILE")
    if plain != variable and plain in known:
        return known[plain], Path(text).read_text(encoding="utf-8").strip()
    near = difflib.get_close_matches(variable, known, n=1)
    raise ValueError("is not a setting of Driftline" + (f"; did you mean {near[0]}?" if near else ""))


def _parsed(name: str, text: str) -> Any:
    if name == "jwt_secret" and len(text.encode()) < MIN_SECRET_BYTES:
        raise ValueError(f"has {len(text.encode())} bytes; at least {MIN_SECRET_BYTES} are needed")
    if name == "cors_origins":
        _check_origins(text)
    starts, example = _ADDRESSES.get(name, ((), ""))
    if starts and text and not (text.startswith(starts) and len(text) > len(text.split("://", maxsplit=1)[0]) + 3):
        raise ValueError(f"is no such address. Write it like {example}")
    field = next(field for field in msgspec.structs.fields(Settings) if field.name == name)
    try:
        return msgspec.convert(text, field.type, strict=False, dec_hook=_path)
    except msgspec.ValidationError as error:
        raise ValueError(f"is {text!r}: {error}") from error


def _check_origins(text: str) -> None:
    for origin in filter(None, (part.strip() for part in text.split(","))):
        parts = urlsplit(origin)
        if parts.scheme not in {"http", "https"} or origin != f"{parts.scheme}://{parts.netloc}" or "@" in origin:
            raise ValueError(f"{origin!r} is no origin. Write it like https://app.example.com, without a path")


def _path(kind: type, value: Any) -> Any:
    if kind is Path:
        return Path(value)
    raise NotImplementedError(kind)


def _missing(values: Mapping[str, Any]) -> dict[str, str]:
    if values.get("profile") != "cloud":
        return {}
    return {f"{PREFIX}{name.upper()}": "is needed in the cloud profile" for name in _FOR_CLOUD if not values.get(name)}
