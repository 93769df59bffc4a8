"""What ``driftline migrate`` asks of a cluster's router: a stand-in hears it (the tests' servers come without one)."""

from types import SimpleNamespace
from typing import Any

import pytest
from pymongo.errors import OperationFailure

from adapters.mongo.migrations import INDEXES, SHARD_KEYS, VALIDATORS, migrate


class Heard:
    """A database that records its commands."""

    name = "driftline"

    def __init__(self, *, router: bool, sharded: bool = False) -> None:
        self.router, self.sharded = router, sharded
        self.order: list[tuple[str, str]] = []
        self.keys: dict[str, dict[str, int]] = {}
        self.client = SimpleNamespace(admin=SimpleNamespace(command=self._admin))

    async def command(self, name: str, *_arguments: Any, **_options: Any) -> dict[str, Any]:
        return {"msg": "isdbgrid"} if self.router and name == "hello" else {}

    async def create_collection(self, name: str, **_options: Any) -> None:
        self.order.append(("create", name))

    def __getitem__(self, name: str) -> Any:
        async def create_indexes(_indexes: list[Any]) -> None:
            self.order.append(("index", name))

        async def drop_index(index: str) -> None:
            raise OperationFailure(f"index not found with name [{index}]", code=27)

        return SimpleNamespace(create_indexes=create_indexes, drop_index=drop_index)

    async def _admin(self, command: str, namespace: str, key: dict[str, int]) -> None:
        assert command == "shardCollection"
        database, _, name = namespace.partition(".")
        assert database == self.name
        self.order.append(("shard", name))
        self.keys[name] = key
        if self.sharded:
            raise OperationFailure("sharded already", code=20)


@pytest.mark.parametrize("sharded", [False, True])
async def test_every_collection_is_sharded_after_its_indexes_and_again_is_no_error(*, sharded: bool) -> None:
    heard = Heard(router=True, sharded=sharded)
    await migrate(SimpleNamespace(handle=heard))  # type: ignore[arg-type] # a stand-in
    assert heard.keys == SHARD_KEYS
    assert set(heard.keys) == set(VALIDATORS)
    for name in VALIDATORS:
        assert heard.order.index(("create", name)) < heard.order.index(("index", name))
        assert heard.order.index(("index", name)) < heard.order.index(("shard", name))


async def test_server_that_is_no_router_is_asked_for_no_shards() -> None:
    heard = Heard(router=False)
    await migrate(SimpleNamespace(handle=heard))  # type: ignore[arg-type] # a stand-in
    assert heard.keys == {}


@pytest.mark.parametrize("name", sorted(SHARD_KEYS))
def test_shard_key_has_its_index_and_every_unique_index_begins_with_it(name: str) -> None:
    (field,) = SHARD_KEYS[name]
    indexes = [(next(iter(index.document["key"])), index.document.get("unique", False)) for index in INDEXES[name]]
    assert field == "_id" or field in {first for first, _ in indexes}, "MongoDB shards by what has an index"
    assert all(first == field for first, unique in indexes if unique), "MongoDB keeps nothing else unique over shards"
