"""Settings: every wrong one is named at once."""

from pathlib import Path

import pytest

from domain.errors import ConfigurationError
from entrypoints.bootstrap.settings import load


def test_without_any_variable_the_defaults_hold() -> None:
    settings = load({}, dotenv=None)
    assert (settings.profile, settings.port, settings.host) == ("embedded", 8000, "127.0.0.1")


def test_every_wrong_variable_is_named_at_once() -> None:
    with pytest.raises(ConfigurationError) as refused:
        load(
            {
                "DRIFTLINE_PORT": "eighty",
                "DRIFTLINE_PROFILE": "clod",
                "DRIFTLINE_JWT_SECRET": "short",
                "DRIFTLINE_PROT": "1",
            },
            dotenv=None,
        )
    problems = refused.value.details["settings"]
    assert set(problems) == {"DRIFTLINE_PORT", "DRIFTLINE_PROFILE", "DRIFTLINE_JWT_SECRET", "DRIFTLINE_PROT"}
    assert "did you mean DRIFTLINE_PORT" in problems["DRIFTLINE_PROT"]


def test_the_cloud_profile_names_everything_it_misses() -> None:
    with pytest.raises(ConfigurationError) as refused:
        load({"DRIFTLINE_PROFILE": "cloud", "DRIFTLINE_REDIS_URL": "redis://cache"}, dotenv=None)
    assert set(refused.value.details["settings"]) == {
        "DRIFTLINE_JWT_SECRET",
        "DRIFTLINE_POSTGRES_DSN",
        "DRIFTLINE_MONGO_URI",
        "DRIFTLINE_S3_BUCKET",
        "DRIFTLINE_SQS_QUEUE_URL",
    }


@pytest.mark.parametrize(
    "wrong", ["hunter2@host", "mysql://u:hunter2@host", "http://", "POSTGRES://hunter2", "://hunter2"]
)
def test_every_address_of_a_wrong_form_is_named_at_once_and_none_is_repeated(wrong: str) -> None:
    names = ("POSTGRES_DSN", "MONGO_URI", "REDIS_URL", "S3_ENDPOINT_URL", "S3_PUBLIC_URL", "SQS_QUEUE_URL")
    variables = {f"DRIFTLINE_{name}": wrong for name in names}
    with pytest.raises(ConfigurationError) as refused:
        load(variables, dotenv=None)
    assert set(refused.value.details["settings"]) == set(variables)
    assert "hunter2" not in refused.value.message
    assert "postgresql://user:password@host:5432/database" in refused.value.message


def test_addresses_as_they_are_written_are_taken() -> None:
    given = {
        "DRIFTLINE_POSTGRES_DSN": "postgres://u:p@host/db?sslmode=require",
        "DRIFTLINE_MONGO_URI": "mongodb+srv://u:p@cluster.example.com/driftline",
        "DRIFTLINE_REDIS_URL": "rediss://:p@host:6380/1",
        "DRIFTLINE_S3_ENDPOINT_URL": "",
        "DRIFTLINE_SQS_QUEUE_URL": "http://127.0.0.1:5000/123456789012/queue",
    }
    assert load(given, dotenv=None).mongo_uri == given["DRIFTLINE_MONGO_URI"]


def test_no_secret_is_shown_in_a_complaint() -> None:
    with pytest.raises(ConfigurationError) as refused:
        load({"DRIFTLINE_JWT_SECRET": "hunter2"}, dotenv=None)
    assert "hunter2" not in refused.value.message


def test_a_secret_may_come_from_a_file(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("0123456789abcdef0123456789abcdef\n")
    assert (
        load({"DRIFTLINE_JWT_SECRET_FILE": str(secret)}, dotenv=None).jwt_secret == "0123456789abcdef0123456789abcdef"
    )


def test_a_secret_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="DRIFTLINE_JWT_SECRET_FILE"):
        load({"DRIFTLINE_JWT_SECRET_FILE": str(tmp_path / "nothing")}, dotenv=None)


def test_the_environment_wins_over_the_dotenv_file(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("DRIFTLINE_PORT=9001\nDRIFTLINE_HOST=0.0.0.0\n")
    settings = load({"DRIFTLINE_PORT": "9002"}, dotenv=tmp_path / ".env")
    assert (settings.port, settings.host) == (9002, "0.0.0.0")


def test_a_number_that_may_be_missing_is_still_a_number() -> None:
    assert load({}, dotenv=None).metrics_port is None
    assert load({"DRIFTLINE_METRICS_PORT": "9100"}, dotenv=None).metrics_port == 9100
    with pytest.raises(ConfigurationError, match="DRIFTLINE_METRICS_PORT"):
        load({"DRIFTLINE_METRICS_PORT": "70000"}, dotenv=None)
