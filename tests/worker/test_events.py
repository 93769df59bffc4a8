"""What a message of the queue says."""

import json
from typing import Any

import pytest

from domain.ports.work import Job
from entrypoints.worker.events import FileArrived, JobAsked, UnreadableMessageError, notices

KEY = "users/u1/datasets/d1/v2/up+load/source"


def s3_event(key: str, name: str = "ObjectCreated:CompleteMultipartUpload", etag: str = "e1") -> dict[str, Any]:
    """One record as Amazon's documentation shows it, with all the fields that are none of our business."""
    return {
        "eventVersion": "2.1",
        "eventSource": "aws:s3",
        "awsRegion": "us-west-2",
        "eventTime": "1970-01-01T00:00:00.000Z",
        "eventName": name,
        "userIdentity": {"principalId": "AIDAJDPLRKLG7UEXAMPLE"},
        "requestParameters": {"sourceIPAddress": "127.0.0.1"},
        "responseElements": {"x-amz-request-id": "C3D13FE58DE4C810"},
        "s3": {
            "s3SchemaVersion": "1.0",
            "configurationId": "testConfigRule",
            "bucket": {"name": "bucket", "arn": "arn:aws:s3:::bucket"},
            "object": {"key": key, "size": 1024, "eTag": etag, "sequencer": "0055AED6DCD90281E5"},
        },
    }


def message(*records: dict[str, Any]) -> str:
    return json.dumps({"Records": list(records)})


def test_new_source_file_is_an_arrival_named_by_key_and_content() -> None:
    (found,) = notices(message(s3_event("users/u1/datasets/d1/v2/up%2Bload/source")))
    assert found == FileArrived(user_id="u1", dataset_id="d1", key=KEY, name=f"{KEY}@e1")


def test_blanks_in_a_key_come_as_plus_signs() -> None:
    (found,) = notices(message(s3_event("users/u+1/datasets/d1/v2/a/source")))
    assert isinstance(found, FileArrived)
    assert found.user_id == "u 1"


@pytest.mark.parametrize(
    "key",
    [
        "users/u1/datasets/d1/v2/rejects.csv",
        "users/u1/datasets/d1/v2/points/x-1",
        "users/u1/reports/r1.pdf",
        "users/u1/datasets/d1/v2/source",
        "elsewhere/users/u1/datasets/d1/v2/a/source",
    ],
)
def test_objects_that_are_no_source_file_are_passed_over(key: str) -> None:
    assert notices(message(s3_event(key))) == ()


def test_deletions_and_the_first_message_of_a_notification_are_passed_over() -> None:
    assert notices(message(s3_event(KEY, name="ObjectRemoved:Delete"))) == ()
    test_event = {"Service": "Amazon S3", "Event": "s3:TestEvent", "Time": "2014-10-13T15:57:02.089Z", "Bucket": "b"}
    assert notices(json.dumps(test_event)) == ()


def test_job_of_our_own_comes_back_whole() -> None:
    asked = {"driftlineJob": {"datasetId": "d1", "version": 3, "reportId": "r1"}, "name": "n1"}
    assert notices(json.dumps(asked)) == (JobAsked(job=Job(dataset_id="d1", version=3, report_id="r1"), name="n1"),)


@pytest.mark.parametrize(
    "body", ["", "no JSON", "[]", "7", "{}", '{"Records": [{}]}', '{"driftlineJob": {"version": "x"}, "name": "n"}']
)
def test_what_cannot_be_read_is_said_so(body: str) -> None:
    with pytest.raises(UnreadableMessageError):
        notices(body)
