"""Values to test with: right by default, each field open to change."""

import enum
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from domain.accounts.account import RefreshSession, User
from domain.analysis.analysis import Analysis
from domain.analysis.cache_key import CacheEntry
from domain.analysis.settings import AnalysisSettings
from domain.datasets.dataset import Dataset, Status, source_key
from domain.datasets.parse_options import ParseOptions
from domain.datasets.pending_upload import PendingUpload
from domain.feedback.verdict import Verdict, VerdictKind
from domain.reports.report import Report, ReportFormat, ReportStatus
from tests.support.fakes import NOON, uuid_of

ANN = uuid_of(101)
BOB = uuid_of(102)
SALES = uuid_of(201)
VISITS = uuid_of(202)


def a_user(**changes: Any) -> User:
    return msgspec.structs.replace(
        User(id=ANN, email="Ann@Example.com", password_hash="$2b$12$hash", created_at=NOON), **changes
    )


def a_session(token: str, **changes: Any) -> RefreshSession:
    session = RefreshSession(
        token_hash=token,
        family_id=uuid_of(301),
        user_id=ANN,
        created_at=NOON,
        expires_at=NOON + timedelta(days=14),
    )
    return msgspec.structs.replace(session, **changes)


def a_dataset(**changes: Any) -> Dataset:
    dataset = Dataset(
        id=SALES,
        user_id=ANN,
        dataset_name="Sales",
        version=1,
        status=Status.UPLOADED,
        file_name="sales.csv",
        source_key=f"users/{ANN}/datasets/{SALES}/v1/source",
        size_bytes=2048,
        sha256="ab" * 32,
        uploaded_at=NOON,
        created_at=NOON,
    )
    return msgspec.structs.replace(dataset, **changes)


def a_cache_entry(version: int = 1, body: bytes = b"body", **changes: Any) -> CacheEntry:
    entry = CacheEntry(user_id=ANN, version=version, etag='"e"', body=body)
    return msgspec.structs.replace(entry, **changes)


def an_analysis(**changes: Any) -> Analysis:
    """An analysis with something in every field, however many fields it has by now."""
    analysis: Analysis = msgspec.convert(_filled(msgspec.inspect.type_info(Analysis)), Analysis, strict=False)
    return msgspec.structs.replace(analysis, **({"dataset_id": SALES, "version": 1, "metric": "revenue"} | changes))


def _filled(kind: Any) -> Any:  # noqa: C901, PLR0911 - one line per kind of field
    inspect = msgspec.inspect
    match kind:
        case inspect.Metadata():
            return _filled(kind.type)
        case inspect.StructType():
            return {field.encode_name: _filled(field.type) for field in kind.fields}
        case inspect.VarTupleType() | inspect.ListType():
            return [_filled(kind.item_type)] * 2
        case inspect.DictType():
            return {"höhe": _filled(kind.value_type)}
        case inspect.UnionType():
            return _filled(next(one for one in kind.types if not isinstance(one, inspect.NoneType)))
        case inspect.EnumType():
            return next(iter(enum.EnumMeta.__iter__(kind.cls))).value
        case inspect.DateTimeType():
            return datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)
        case inspect.FloatType():
            return 0.1 + 0.2
        case inspect.IntType():
            return 7
        case inspect.BoolType():
            return True
        case _:
            return "naïve ✓"


def an_announcement(**changes: Any) -> PendingUpload:
    announced = PendingUpload(
        key=source_key(ANN, SALES, 1, uuid_of(501)),
        user_id=ANN,
        dataset_id=SALES,
        dataset_name="Sales",
        version=1,
        file_name="sales.csv",
        size_bytes=2048,
        parse_options=ParseOptions(),
        announced_at=NOON,
        expires_at=NOON + timedelta(hours=1),
    )
    return msgspec.structs.replace(announced, **changes)


def an_annotation(**changes: Any) -> Verdict:
    annotation = Verdict(
        dataset_id=SALES,
        metric="revenue",
        at=NOON,
        date="2026-01-15T12:00:00Z",
        verdict=VerdictKind.CONFIRMED,
        reason="flash sale",
        user_id=ANN,
        created_at=NOON,
    )
    return msgspec.structs.replace(annotation, **changes)


def a_report(**changes: Any) -> Report:
    report = Report(
        id=uuid_of(401),
        user_id=ANN,
        dataset_id=SALES,
        dataset_name="Sales",
        version=1,
        metric="revenue",
        format=ReportFormat.PDF,
        settings=AnalysisSettings(),
        status=ReportStatus.QUEUED,
        created_at=NOON,
    )
    return msgspec.structs.replace(report, **changes)
