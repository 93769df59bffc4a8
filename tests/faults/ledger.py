"""What users sent, and what the product acknowledged of it: the measure of every audit."""

import hashlib
from dataclasses import dataclass, field
from enum import StrEnum


class Answered(StrEnum):
    """What a client knows after a request."""

    DONE = "done"  # acknowledged: it has to be there afterwards
    REFUSED = "refused"  # it must not be there
    UNKNOWN = "unknown"  # no answer, or 503: it may be there, whole, or not at all


@dataclass
class SentFile:
    """A daily series of whole numbers, known to the last digit; ``version`` is what it was acknowledged as."""

    name: str
    days: dict[str, int]
    appends: bool
    answered: Answered = Answered.UNKNOWN
    version: int | None = None  # of one that went straight to the store the worker says it

    @property
    def content(self) -> bytes:
        return b"date,visits\n" + b"".join(f"{day},{value}\n".encode() for day, value in self.days.items())

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


@dataclass
class SentDataset:
    """A dataset as its user knows it.

    Attributes:
        name: unique, so that one whose identifier never came back can be looked up.
        id: empty until an upload of it was acknowledged.
        verdicts: by day, every state that is possible now; None is "no verdict".
        deletion: what is known of its deletion; None: never asked for.
    """

    name: str
    id: str = ""
    files: list[SentFile] = field(default_factory=list)
    verdicts: dict[str, set[str | None]] = field(default_factory=dict)
    deletion: Answered | None = None
    verdicts_given: int = 0
    _unanswered: set[tuple[str, str]] = field(default_factory=set)

    @property
    def is_usable(self) -> bool:
        """Whether its user may go on with it."""
        return bool(self.id) and self.deletion is None

    def note_verdict(self, day: str, verdict: str, answered: Answered) -> None:
        """Note a verdict; one without an answer stays possible, for it may be carried out late."""
        before = self.verdicts.get(day, {None})
        if answered is Answered.DONE:
            late = {one for one in before if one is not None and (day, one) in self._unanswered}
            self.verdicts[day] = {verdict} | late
            self.verdicts_given += 1
        elif answered is Answered.UNKNOWN:
            self._unanswered.add((day, verdict))
            self.verdicts[day] = before | {verdict}


@dataclass
class SentReport:
    """A report that was acknowledged, of a version."""

    id: str
    dataset: SentDataset
    version: int


@dataclass
class Ledger:
    """Everything that one user did."""

    datasets: list[SentDataset] = field(default_factory=list)
    reports: list[SentReport] = field(default_factory=list)
    broken_answers: list[str] = field(default_factory=list)  # 500 and the like: never right, whatever failed

    def acknowledged(self) -> dict[str, int]:
        """How much of each kind was acknowledged."""
        files = [file for dataset in self.datasets for file in dataset.files if file.answered is Answered.DONE]
        return {
            "uploads": sum(file.version in {1, None} for file in files),
            "versions": sum(file.version not in {1, None} and not file.appends for file in files),
            "additions": sum(file.appends for file in files),
            "verdicts": sum(dataset.verdicts_given for dataset in self.datasets),
            "reports": len(self.reports),
            "deletions": sum(dataset.deletion is Answered.DONE for dataset in self.datasets),
        }
