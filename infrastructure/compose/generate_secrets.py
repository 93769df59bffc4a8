"""Make the secrets that are missing in a folder; what is there stays. Each file is readable by its user alone."""

import base64
import os
import secrets
import sys
from pathlib import Path
from typing import Final

APP: Final = 10001  # of our image
STORES: Final = 999  # of the images of PostgreSQL, MongoDB and Valkey


def generate(folder: Path, owners: dict[int, int]) -> list[str]:
    """Write what is missing; return the names of what was written.

    Args:
        folder: where the files go.
        owners: the user each of ``APP`` and ``STORES`` is on this machine.
    """
    made: list[str] = []

    def secret(name: str, owner: int, text: str) -> str:
        path = folder / name
        if not path.exists():
            new = path.with_name(f".{name}.new")
            new.touch(mode=0o600)
            new.write_text(text, encoding="utf-8")
            new.chmod(0o400)
            os.chown(new, owners[owner], owners[owner])
            new.rename(path)
            made.append(name)
        return path.read_text(encoding="utf-8").strip()

    secret("jwt_secret", APP, secrets.token_hex(32))
    # MongoDB takes 6 to 1024 characters of base64.
    secret("mongodb_key", STORES, base64.b64encode(secrets.token_bytes(96)).decode())
    postgres = secret("postgres_password", STORES, secrets.token_hex(24))
    secret("postgres_dsn", APP, f"postgresql://driftline:{postgres}@postgres:5432/driftline")
    secret("mongodb_admin_password", APP, secrets.token_hex(24))
    mongodb = secrets.token_hex(24)
    secret("mongo_uri", APP, f"mongodb://driftline:{mongodb}@mongodb:27017/driftline?replicaSet=rs0&authSource=admin")
    redis = secret("redis_password", STORES, secrets.token_hex(24))
    secret("redis.conf", STORES, f"requirepass {redis}\n")
    secret("redis_url", APP, f"redis://:{redis}@redis:6379/0")
    keys = f"aws_access_key_id = {secrets.token_hex(10)}\naws_secret_access_key = {secrets.token_hex(20)}\n"
    secret("aws_credentials", APP, f"[default]\n{keys}")
    return made


if __name__ == "__main__":
    names = generate(Path(sys.argv[1]), {APP: APP, STORES: STORES})
    print(f"made: {', '.join(names)}" if names else "nothing was missing")
