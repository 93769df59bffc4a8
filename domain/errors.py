"""Every refusal and failure as one tree. ``code`` is stable: clients and tests may rely on it.

No transport words here: ``entrypoints/http/problems.py`` alone turns a class into an HTTP number, and the
worker loop alone decides what is acknowledged and what is tried again.
"""

from typing import ClassVar


class DriftlineError(Exception):
    """Root of the tree.

    Attributes:
        code: stable snake_case name of the kind of error.
        message: one or two plain sentences: what, where, what to do.
        details: machine-readable facts that the message mentions (JSON types only).
    """

    code: ClassVar[str] = "error"

    def __init__(self, message: str, **details: object) -> None:
        super().__init__(message)
        self.message = message
        self.details = details


# --- the caller asked for something that cannot be (never worth a second try) ---------------------------


class RefusedError(DriftlineError):
    """The request is understood and refused."""

    code = "refused"


class InvalidInputError(RefusedError):
    """A value is missing, malformed or out of its range. ``details['field']`` names it."""

    code = "invalid_input"


class WeakPasswordError(InvalidInputError):
    """The password is too short (under 10 characters) or too long (over 72 bytes)."""

    code = "weak_password"


class InvalidEmailError(InvalidInputError):
    """The e-mail address has no valid form."""

    code = "invalid_email"


class EmailTakenError(RefusedError):
    """An account with this e-mail (compared case-insensitively) exists."""

    code = "email_taken"


class UnauthenticatedError(RefusedError):
    """The caller is not signed in, or the token is not valid."""

    code = "unauthenticated"


class InvalidCredentialsError(UnauthenticatedError):
    """Unknown e-mail or wrong password: one answer for both, so that neither can be probed."""

    code = "invalid_credentials"


class InvalidTokenError(UnauthenticatedError):
    """The access or refresh token is malformed, tampered with, or not for this service."""

    code = "invalid_token"


class ExpiredTokenError(InvalidTokenError):
    """The token was valid once."""

    code = "token_expired"


class TokenReusedError(InvalidTokenError):
    """A refresh token was used twice: its whole family is revoked."""

    code = "token_reused"


class RateLimitedError(RefusedError):
    """Too many attempts. ``details['retryAfterSeconds']`` says when to come back."""

    code = "rate_limited"


class NotFoundError(RefusedError):
    """It does not exist, or not for this user: the answer does not say which."""

    code = "not_found"


class DatasetNotFoundError(NotFoundError):
    """No such dataset (or version of it) among the caller's."""

    code = "dataset_not_found"


class MetricNotFoundError(NotFoundError):
    """The dataset has no such numeric column. ``details['metrics']`` lists those it has."""

    code = "metric_not_found"


class DimensionNotFoundError(NotFoundError):
    """The dataset has no such dimension. Details: ``dimensions``, those it has."""

    code = "dimension_not_found"


class AnomalyNotFoundError(NotFoundError):
    """The analysis has no such anomaly at these settings."""

    code = "anomaly_not_found"


class ReportNotFoundError(NotFoundError):
    """No such report among the caller's."""

    code = "report_not_found"


class TooManyWaitingError(RateLimitedError):
    """So many files of this user wait to be processed that another one is not taken. ``details['waiting']``."""

    code = "too_many_waiting"


class SlowSenderError(RefusedError):
    """The rest of a request did not come in time."""

    code = "slow_sender"


class LinkExpiredError(RefusedError):
    """A link to a file that was good for a while only."""

    code = "link_expired"


class ConflictError(RefusedError):
    """The thing is not in a state that allows this."""

    code = "conflict"


class IllegalMoveError(ConflictError):
    """The dataset's lifecycle has no such move (see ``domain.datasets.dataset``)."""

    code = "illegal_move"


class DatasetNotReadyError(ConflictError):
    """The dataset is still being processed, or its processing failed."""

    code = "dataset_not_ready"


class StaleVersionError(ConflictError):
    """The dataset was changed since it was read: the compare-and-set on (version, status) failed."""

    code = "stale_version"


class UnsupportedError(RefusedError):
    """This profile does not offer that (a presigned upload in the embedded profile, say)."""

    code = "unsupported"


class UploadTooLargeError(RefusedError):
    """More bytes than the limit. ``details['limitBytes']``."""

    code = "upload_too_large"


class TooManyPointsError(RefusedError):
    """The series asked for has more points than can be analysed: choose a coarser granularity."""

    code = "too_many_points"


# --- the file cannot be used ---------------------------------------------------------------------------


class UnusableFileError(RefusedError):
    """The file holds nothing that can be analysed; the message says what was found and what to do."""

    code = "unusable_file"


class EmptyFileError(UnusableFileError):
    """No byte, or nothing but blank lines."""

    code = "empty_file"


class NoDataRowsError(UnusableFileError):
    """A header and nothing below it."""

    code = "no_data_rows"


class BinaryFileError(UnusableFileError):
    """Of a kind that is not read, whatever its name says: an image, a database, a program."""

    code = "binary_file"


class MalformedFileError(UnusableFileError):
    """Text that is no table: broken JSON, ragged beyond repair, undecodable. ``details`` may hold ``line``."""

    code = "malformed_file"


class SeveralTablesError(UnusableFileError):
    """An archive holds several files and none was chosen. ``details['members']`` lists them."""

    code = "several_tables"


class FileBeyondLimitError(UnusableFileError):
    """The file holds more than is read. ``details``: ``limit``, ``found``, ``allowed``, ``setting``."""

    code = "file_beyond_limit"


class ReadingTooCostlyError(UnusableFileError):
    """Reading the file took more time or memory than a file may take, and was stopped. ``details['setting']``."""

    code = "reading_too_costly"


class CrashedTooOftenError(UnusableFileError):
    """The file ended the process that worked on it several times; it is not taken up again by itself."""

    code = "crashed_too_often"


class NoTimeColumnError(UnusableFileError):
    """No column reads as time (``details['columns']`` lists what there is)."""

    code = "no_time_column"


class NoNumericColumnError(UnusableFileError):
    """No column reads as numbers."""

    code = "no_numeric_column"


class ColumnNotFoundError(UnusableFileError):
    """A column that was named is not in the file. ``details['columns']`` lists those that are."""

    code = "column_not_found"


class ColumnsDifferError(UnusableFileError):
    """Rows cannot be added: the file's columns are others. ``details`` has ``missing``, ``unknown``, ``changed``."""

    code = "columns_differ"


class AmbiguousDateError(UnusableFileError):
    """Day and month cannot be told apart anywhere in the time column: the user must say which comes first."""

    code = "ambiguous_date"


class SourceChangedError(UnusableFileError):
    """A stored source is not what was uploaded. ``details`` has ``expected`` and ``actual``, both SHA-256."""

    code = "source_changed"


class NoUsableRowError(UnusableFileError):
    """Every row was rejected. ``details['rejected']`` and the first reasons."""

    code = "no_usable_row"


# --- something around us failed (worth a second try) ----------------------------------------------------


class UnavailableError(DriftlineError):
    """A store or service did not answer as it should. ``details['dependency']`` names it."""

    code = "unavailable"


class OverloadedError(UnavailableError):
    """More work is asked for than can be done now. ``details['retryAfterSeconds']`` says when to come back."""

    code = "overloaded"


class CorruptedError(DriftlineError):
    """Stored data is not what was written."""

    code = "corrupted"


class ConfigurationError(DriftlineError):
    """Settings are wrong or missing; ``details['settings']`` names every one of them at once."""

    code = "configuration"
