"""What only a server can do wrong: two migrators at once, loss, slowness, wrong settings."""

import asyncio
import json
from datetime import timedelta

import asyncpg
import pytest

from adapters.postgres.accounts import PostgresRefreshSessions, PostgresUsers
from adapters.postgres.database import PostgresDatabase
from domain.errors import ConfigurationError, ConflictError, InvalidTokenError, UnavailableError
from tests.support.builders import ANN, a_session, a_user
from tests.support.fakes import NOON, uuid_of
from tests.support.server_process import free_port
from tests.support.servers import postgres_dsn_of, start_postgres


async def test_many_who_migrate_an_empty_database_at_once_all_find_it_ready(postgres_dsn_of_test: str) -> None:
    databases = [PostgresDatabase(postgres_dsn_of_test, connections=1) for _ in range(8)]
    await asyncio.gather(*(database.open() for database in databases))
    await PostgresUsers(databases[0]).add(a_user())
    assert await PostgresUsers(databases[-1]).by_id(ANN) == a_user()
    applied = await databases[0].row("SELECT count(*), count(DISTINCT number), max(number) FROM migrations")
    assert len(set(applied)) == 1
    await asyncio.gather(*(database.close() for database in databases))


async def test_opening_again_changes_nothing(postgres_dsn_of_test: str) -> None:
    for _ in range(2):
        database = PostgresDatabase(postgres_dsn_of_test)
        await database.open()
        await database.open()
        await database.ping()
        found = await PostgresUsers(database).by_id(ANN)
        if found is None:
            await PostgresUsers(database).add(a_user())
        await database.close()
        await database.close()
    assert found == a_user()


async def test_users_have_the_columns_that_the_design_names(postgres: PostgresDatabase) -> None:
    row = await postgres.row(
        "SELECT json_object_agg(column_name, data_type) FROM information_schema.columns WHERE table_name = 'users' "
        "AND column_name <> 'email_key'"
    )
    assert json.loads(row[0]) == {
        "id": "uuid",
        "email": "character varying",
        "password_hash": "text",
        "created_at": "timestamp with time zone",
        "last_login": "timestamp with time zone",
    }


async def test_database_of_a_newer_driftline_is_refused_and_left_alone(postgres_dsn_of_test: str) -> None:
    database = PostgresDatabase(postgres_dsn_of_test)
    await database.open()
    await database.row("INSERT INTO migrations (number) VALUES (999)")
    await database.close()
    with pytest.raises(ConfigurationError, match="999"):
        await PostgresDatabase(postgres_dsn_of_test).open()


async def test_migration_that_fails_half_way_leaves_nothing_behind(postgres_dsn_of_test: str) -> None:
    connection = await asyncpg.connect(postgres_dsn_of_test)
    await connection.execute("CREATE TABLE refresh_families (in_the_way int)")
    with pytest.raises(UnavailableError):
        await PostgresDatabase(postgres_dsn_of_test).open()
    assert await connection.fetchval("SELECT to_regclass('users')") is None
    await connection.execute("DROP TABLE refresh_families")
    await connection.close()
    database = PostgresDatabase(postgres_dsn_of_test)
    await database.open()
    await database.close()


async def test_lost_server_is_unavailable_and_works_again_when_it_is_back() -> None:
    with start_postgres() as server:
        database = PostgresDatabase(postgres_dsn_of(server))
        await database.open()
        await database.row("CHECKPOINT")  # the tests' server confirms before it has written
        server.kill9()
        for attempt in (database.ping(), PostgresUsers(database).by_id(ANN), PostgresUsers(database).add(a_user())):
            with pytest.raises(UnavailableError):
                await attempt
        server.start()
        await database.ping()
        await PostgresUsers(database).add(a_user())
        assert await PostgresUsers(database).by_id(ANN) == a_user()
        server.kill9()
        await database.close()


async def test_statement_that_takes_too_long_is_unavailable_and_its_connection_usable_again(
    postgres_dsn_of_test: str,
) -> None:
    database = PostgresDatabase(postgres_dsn_of_test, connections=1, command_seconds=0.2)
    await database.open()
    with pytest.raises(UnavailableError):
        await database.row("SELECT pg_sleep(30)")
    await database.ping()
    await database.close()


async def test_unreachable_server_is_unavailable_and_the_message_holds_no_password() -> None:
    database = PostgresDatabase(f"postgresql://u:s3cret@127.0.0.1:{free_port()}/x")
    with pytest.raises(UnavailableError) as failure:
        await database.open()
    assert "s3cret" not in failure.value.message
    with pytest.raises(UnavailableError):
        await database.ping()


async def test_text_that_is_no_dsn_is_a_wrong_setting_and_is_not_repeated() -> None:
    for dsn in ("mysql://u:s3cret@h/x", "s3cret", "postgresql://u:s3cret@h:port/x"):
        with pytest.raises(ConfigurationError) as failure:
            await PostgresDatabase(dsn).open()
        assert "s3cret" not in failure.value.message
        assert failure.value.details["settings"] == ["POSTGRES_DSN"]


async def test_session_of_nobody_is_refused(postgres_refresh_sessions: PostgresRefreshSessions) -> None:
    with pytest.raises(ConflictError):
        await postgres_refresh_sessions.begin(a_session("one", user_id=uuid_of(999)))


async def test_sessions_end_with_their_user(
    postgres: PostgresDatabase, postgres_refresh_sessions: PostgresRefreshSessions
) -> None:
    await postgres_refresh_sessions.begin(a_session("one"))
    await postgres.row("DELETE FROM users WHERE email = $1", a_user().email)
    with pytest.raises(InvalidTokenError):
        await postgres_refresh_sessions.rotate("one", a_session("two"), NOON)


async def test_family_that_is_refreshed_for_years_keeps_few_rows(
    postgres: PostgresDatabase, postgres_refresh_sessions: PostgresRefreshSessions
) -> None:
    await postgres_refresh_sessions.begin(a_session("t0"))
    for number in range(100):
        now = NOON + timedelta(days=10 * number)
        successor = a_session(f"t{number + 1}", created_at=now, expires_at=now + timedelta(days=14))
        await postgres_refresh_sessions.rotate(f"t{number}", successor, now)
    kept = await postgres.row("SELECT count(*) FROM refresh_sessions")
    assert kept[0] <= 7
