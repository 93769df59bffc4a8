"""The test servers from container images, for ``make test SERVICES=containers`` (docs/decisions/0004).

The images are those of ``docker-compose.yml``, which its own variables override: ``POSTGRES_IMAGE``,
``MONGODB_IMAGE``, ``REDIS_IMAGE``, ``EMULATOR_IMAGE``. The last is built from this repository:
``docker compose build aws``. Containers are started on first use, once per pytest process, and removed with it.
"""

import atexit
import os
import re
import tempfile
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, Final

from tests.support.server_process import START_SECONDS, free_port

ROOT: Final = Path(__file__).parents[2]
PASSWORD: Final = "of-a-server-that-is-thrown-away"
_IMAGE: Final = re.compile(r"image: \$\{(\w+_IMAGE):-([^}\s]+)\}")


@cache
def images() -> dict[str, str]:
    """Return the image of each variable, as ``docker-compose.yml`` or the environment names it."""
    composed = dict(_IMAGE.findall((ROOT / "docker-compose.yml").read_text(encoding="utf-8")))
    return {name: os.environ.get(name) or image for name, image in composed.items()}


def postgres_dsn(ready: Callable[[int], None]) -> str:
    """PostgreSQL with the superuser ``postgres`` and a password."""
    folder = Path(tempfile.mkdtemp(prefix="dl-pw-", dir="/tmp"))
    folder.chmod(0o755)  # read by the container's user
    (folder / "password").write_text(PASSWORD, encoding="utf-8")
    container = _container("POSTGRES_IMAGE").with_volume_mapping(str(folder), "/run/given", "ro")
    for name, value in {"USER": "postgres", "DB": "driftline", "PASSWORD_FILE": "/run/given/password"}.items():
        container = container.with_env(f"POSTGRES_{name}", value)
    # What the method calls a size is the mount's options as they are.
    container = container.with_tmpfs_mount("/var/run/postgresql", "uid=999,gid=999,mode=0775")
    container = container.with_exposed_ports(5432).with_kwargs(user="999:999", shm_size="128m")
    return f"postgresql://postgres:{PASSWORD}@127.0.0.1:{_started(container, 5432, ready)}/postgres"


def mongo_uri(ready: Callable[[int], None]) -> str:
    """MongoDB as a replica set of one node, which is known by the same port inside and outside of its container."""
    port = free_port()
    command = ["--port", str(port), "--bind_ip_all", "--replSet", "rs0", "--wiredTigerCacheSizeGB", "0.25"]
    command += ["--setParameter", "enableTestCommands=1"]
    container = _container("MONGODB_IMAGE").with_bind_ports(port, port).with_command(command)
    _started(container.with_kwargs(user="999:999", entrypoint=["mongod"]), port, ready)
    return f"mongodb://127.0.0.1:{port}/?replicaSet=rs0&heartbeatFrequencyMS=500"


def redis_url(ready: Callable[[int], None]) -> str:
    """Valkey, which keeps nothing on disk."""
    command = ["valkey-server", "--save", "", "--appendonly", "no", "--bind", "0.0.0.0", "--protected-mode", "no"]
    container = _container("REDIS_IMAGE").with_exposed_ports(6379).with_command(command)
    return f"redis://127.0.0.1:{_started(container.with_kwargs(user='999:999'), 6379, ready)}/0"


def aws_endpoint(ready: Callable[[int], None]) -> str:
    """The emulator of S3 and SQS."""
    container = _container("EMULATOR_IMAGE").with_exposed_ports(5000)
    return f"http://127.0.0.1:{_started(container, 5000, ready)}"


def _container(variable: str) -> Any:
    from testcontainers.core.config import testcontainers_config  # noqa: PLC0415 - asked for by this lane alone
    from testcontainers.core.container import DockerContainer  # noqa: PLC0415 - as above

    testcontainers_config.ryuk_disabled = True  # one more image; these containers are removed below
    return DockerContainer(images()[variable])


def _started(container: Any, port: int, ready: Callable[[int], None]) -> int:
    """Start, wait until it answers, and return the port on this machine."""
    container.start()
    atexit.register(container.stop)
    end = time.monotonic() + START_SECONDS
    while True:
        try:
            outside = int(container.get_exposed_port(port))
            ready(outside)
        except Exception as error:
            if time.monotonic() > end:
                output, errors = container.get_logs()
                log = (output + errors).decode(errors="replace")[-3000:]
                raise RuntimeError(f"{container.image} does not answer: {error!r}\n{log}") from error
            time.sleep(0.1)
        else:
            return outside
