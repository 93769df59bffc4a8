"""Migrating MongoDB: several may do so at once, and again."""

import asyncio
from uuid import uuid4

from adapters.mongo.database import MongoDatabase
from adapters.mongo.migrations import INDEXES, SUPERSEDED, VALIDATORS, migrate
from tests.support.mongo_stores import uri_of


async def test_many_who_migrate_an_empty_database_at_once_all_find_it_ready_and_again() -> None:
    uri = uri_of(f"migrated{uuid4().hex[:12]}")
    several = [MongoDatabase(uri) for _ in range(5)]
    for database in several:
        await database.open()
    for _ in range(2):
        await asyncio.gather(*map(migrate, several))
    handle = several[0].handle
    found = {one["name"]: one async for one in await handle.list_collections()}
    assert set(found) == set(VALIDATORS)
    for name, validator in VALIDATORS.items():
        assert found[name]["options"]["validator"] == validator
        assert len(await handle[name].index_information()) == 1 + len(INDEXES[name])
    await handle.client.drop_database(handle.name)
    for database in several:
        await database.close()


async def test_an_index_of_an_earlier_release_gives_way_to_the_one_in_its_place() -> None:
    database = MongoDatabase(uri_of(f"migrated{uuid4().hex[:12]}"))
    await database.open()
    records = database.handle["records"]
    await records.create_index([("datasetId", 1), ("version", 1), ("load", 1)])
    assert set(SUPERSEDED["records"]) <= set(await records.index_information())
    await migrate(database)
    assert set(await records.index_information()) == {"_id_", "datasetId_1_version_1_load_1_start_1"}
    await database.handle.client.drop_database(database.handle.name)
    await database.close()
