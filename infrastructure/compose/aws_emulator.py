"""S3 and SQS in one process (moto), with the bucket, queues and notification that docs/cloud.md asks for.

moto keeps everything in memory: the objects are written down every few seconds and when it is stopped, and read back
at the next start. Messages are not: what was queued and not yet begun has to be run again.
"""

import json
import os
import signal
import threading
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, unquote

import boto3
from botocore.exceptions import ClientError
from moto.server import ThreadedMotoServer

PORT: Final = int(os.environ.get("EMULATOR_PORT", "5000"))
BUCKET: Final = "driftline"
QUEUE: Final = "driftline"
REGION: Final = "us-east-1"
KEPT: Final = Path(os.environ.get("EMULATOR_DIR", "/var/lib/aws-emulator")) / "objects"
SAVE_SECONDS: Final = 5.0
GONE: Final = frozenset({"404", "NoSuchKey"})  # deleted since it was listed
MAX_RECEIVES: Final = 10  # receiving a message again is normal: see docs/cloud.md


def client(service: str, port: int = PORT) -> Any:
    """A client of ourselves."""
    return boto3.client(
        service, endpoint_url=f"http://127.0.0.1:{port}", region_name=REGION,
        aws_access_key_id="emulator", aws_secret_access_key="emulator",
    )  # fmt: skip


def make(s3: Any, sqs: Any) -> dict[str, str]:
    """Bucket, dead-letter queue and queue; what was kept comes back before new objects are announced.

    Returns:
        The keys that are kept, with their ETags.
    """
    s3.create_bucket(Bucket=BUCKET)
    dead = sqs.create_queue(QueueName=f"{QUEUE}-dead")["QueueUrl"]
    policy = {"deadLetterTargetArn": _arn(sqs, dead), "maxReceiveCount": MAX_RECEIVES}
    queue = sqs.create_queue(QueueName=QUEUE, Attributes={"RedrivePolicy": json.dumps(policy)})["QueueUrl"]
    restore(s3)
    buckets = _listed(s3)
    notification = {
        "QueueArn": _arn(sqs, queue),
        "Events": ["s3:ObjectCreated:*"],
        "Filter": {"Key": {"FilterRules": [{"Name": "suffix", "Value": "/source"}]}},
    }
    s3.put_bucket_notification_configuration(
        Bucket=BUCKET, NotificationConfiguration={"QueueConfigurations": [notification]}
    )
    return buckets


def _arn(sqs: Any, url: str) -> str:
    answer = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
    return str(answer["Attributes"]["QueueArn"])


def restore(s3: Any) -> None:
    """Put back what was kept."""
    KEPT.mkdir(parents=True, exist_ok=True)
    for path in sorted(KEPT.iterdir()):
        if not path.name.startswith("."):
            s3.upload_file(str(path), BUCKET, unquote(path.name))


def save(s3: Any, known: dict[str, str]) -> dict[str, str]:
    """Write down what is new, forget what is gone; ``known`` and the answer are keys with their ETags."""
    now = _listed(s3)
    for key in known.keys() - now.keys():
        (KEPT / _name(key)).unlink(missing_ok=True)
    for key, etag in now.items():
        if known.get(key) != etag:
            unfinished = KEPT / f".{_name(key)}"
            try:
                s3.download_file(BUCKET, key, str(unfinished))
            except ClientError as error:
                if error.response["Error"]["Code"] not in GONE:
                    raise
                (KEPT / _name(key)).unlink(missing_ok=True)
            else:
                unfinished.rename(KEPT / _name(key))
    return now


def _listed(s3: Any) -> dict[str, str]:
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=BUCKET)
    return {item["Key"]: item["ETag"] for page in pages for item in page.get("Contents", ())}


def _name(key: str) -> str:
    return quote(key, safe="")


def main() -> None:
    """Serve until asked to stop."""
    server = ThreadedMotoServer(ip_address="0.0.0.0", port=PORT, verbose=False)
    server.start()
    s3 = client("s3")
    known = make(s3, client("sqs"))
    stopping = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopping.set())
    print(f"S3 and SQS are on port {PORT}", flush=True)
    while not stopping.wait(SAVE_SECONDS):
        known = save(s3, known)
    save(s3, known)
    server.stop()


if __name__ == "__main__":
    main()
