"""The embedded profile needs no driver of the cloud's, nor are any of them imported."""

import subprocess
import sys

DRIVERS = ("asyncpg", "pymongo", "redis", "aioboto3", "botocore", "opentelemetry")


def test_embedded_profile_imports_no_cloud_driver() -> None:
    program = (
        "import sys, entrypoints.cli, entrypoints.http.serve, entrypoints.bootstrap.embedded\n"
        f"print(sorted(set({DRIVERS!r}) & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
