"""Initiate the replica set of one and make its users, as far as that has not been done yet.

Without a password MongoDB allows this from its own machine only, until there is a user: this runs in the network
of MongoDB's container. That first user must be an administrator; the product gets one of its own that may less.
"""

import sys
import time
from pathlib import Path
from typing import Any, Final

from pymongo import MongoClient
from pymongo.errors import OperationFailure, PyMongoError
from pymongo.uri_parser import parse_uri

PATIENCE_SECONDS: Final = 60.0
DONE_BEFORE: Final = frozenset({13, 23, 51003})  # Unauthorized, AlreadyInitialized, the user is there
ADMINISTRATOR: Final = "admin"

Client = MongoClient[dict[str, Any]]


def main(member: str, secrets: Path) -> None:
    """Do what is missing."""
    given = parse_uri(_text(secrets / "mongo_uri"))
    admin_password = _text(secrets / "mongodb_admin_password")
    unauthenticated: Client = MongoClient("127.0.0.1", directConnection=True)
    members = [{"_id": 0, "host": f"{member}:27017"}]
    # Without a password neither is allowed any more once both are done.
    _try(unauthenticated, "replSetInitiate", {"_id": given["options"]["replicaSet"], "members": members})
    _wait_for_primary(unauthenticated)
    _try(unauthenticated, "createUser", ADMINISTRATOR, pwd=admin_password, roles=["root"])
    admin: Client = MongoClient("127.0.0.1", directConnection=True, username=ADMINISTRATOR, password=admin_password)
    roles = [{"role": role, "db": given["database"]} for role in ("readWrite", "dbAdmin")]
    made = _try(admin, "createUser", given["username"], pwd=given["password"], roles=roles)
    print(f"made the user {given['username']}" if made else "replica set and users are there")


def _try(client: Client, command: str, value: Any, **more: Any) -> bool:
    """Run a command; False if it was not needed."""
    try:
        client.admin.command(command, value, **more)
    except OperationFailure as error:
        if error.code in DONE_BEFORE:
            return False
        raise
    return True


def _wait_for_primary(client: Client) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while not client.admin.command("hello").get("isWritablePrimary"):
        if time.monotonic() > end:
            raise PyMongoError(f"no primary within {PATIENCE_SECONDS:g} s")
        time.sleep(0.2)


def _text(file: Path) -> str:
    return file.read_text(encoding="utf-8").strip()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
