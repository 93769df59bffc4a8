"""The emulator of S3 and SQS that docker-compose.yml runs: what it makes, and what outlives it."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote_plus

import pytest
from botocore.exceptions import ClientError

from infrastructure.compose import aws_emulator
from infrastructure.compose.aws_emulator import BUCKET, QUEUE, client
from tests.support.server_process import Server, free_port
from tests.support.source_tree import ROOT

SOURCE = "users/ann/datasets/d 1/v1/source"
REPORT = "users/ann/reports/r.pdf"


class Emulator:
    """The program, and clients of it."""

    def __init__(self, folder: Path) -> None:
        port = free_port()
        self.s3, self.sqs = client("s3", port), client("sqs", port)
        program = [sys.executable, ROOT / "infrastructure" / "compose" / "aws_emulator.py"]
        told = {"EMULATOR_PORT": str(port), "EMULATOR_DIR": str(folder)}
        self.server = Server("emulator", program, port=port, folder=folder, ready=self._ready, variables=told)

    def _ready(self) -> None:
        assert self.s3.get_bucket_notification_configuration(Bucket=BUCKET)["QueueConfigurations"]

    def queue(self) -> str:
        return str(self.sqs.get_queue_url(QueueName=QUEUE)["QueueUrl"])

    def told(self) -> list[str]:
        """The keys of the files that the queue was told of."""
        messages = self.sqs.receive_message(QueueUrl=self.queue(), MaxNumberOfMessages=10).get("Messages", ())
        records = [record for one in messages for record in json.loads(one["Body"]).get("Records", ())]
        return [unquote_plus(record["s3"]["object"]["key"]) for record in records]

    def keys(self) -> list[str]:
        return [item["Key"] for item in self.s3.list_objects_v2(Bucket=BUCKET).get("Contents", ())]


@pytest.fixture
def emulator(tmp_path: Path) -> Iterator[Emulator]:
    made = Emulator(tmp_path)
    with made.server.start():
        yield made
    made.s3.close()
    made.sqs.close()


def test_sources_are_told_to_the_queue_and_files_outlive_the_emulator(emulator: Emulator) -> None:
    policy: Any = emulator.sqs.get_queue_attributes(QueueUrl=emulator.queue(), AttributeNames=["RedrivePolicy"])
    policy = json.loads(policy["Attributes"]["RedrivePolicy"])
    assert policy["deadLetterTargetArn"].endswith(":driftline-dead")
    assert int(policy["maxReceiveCount"]) == 10

    emulator.s3.put_object(Bucket=BUCKET, Key=SOURCE, Body=b"a,b\n1,2\n")
    emulator.s3.put_object(Bucket=BUCKET, Key=REPORT, Body=b"%PDF")
    assert emulator.told() == [SOURCE]

    emulator.s3.delete_object(Bucket=BUCKET, Key=REPORT)
    emulator.server.stop()
    emulator.server.start()
    assert emulator.keys() == [SOURCE]
    assert emulator.s3.get_object(Bucket=BUCKET, Key=SOURCE)["Body"].read() == b"a,b\n1,2\n"
    assert emulator.told() == []  # what was announced before is not announced again


class Vanishing:
    """An S3 whose only file is deleted between being listed and being read."""

    def get_paginator(self, _operation: str) -> "Vanishing":
        return self

    def paginate(self, **_asked: str) -> list[dict[str, Any]]:
        return [{"Contents": [{"Key": SOURCE, "ETag": "e1"}]}]

    def download_file(self, *_where: str) -> None:
        raise ClientError({"Error": {"Code": "404", "Message": "Not Found"}}, "HeadObject")


def test_a_file_deleted_while_it_is_written_down_ends_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aws_emulator, "KEPT", tmp_path)
    aws_emulator.save(Vanishing(), {})
    assert list(tmp_path.iterdir()) == []
