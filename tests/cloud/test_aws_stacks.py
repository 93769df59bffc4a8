"""The stacks of infrastructure/aws: deployed, and an upload travels through what they made to a worker."""

import base64
import json
import re
import subprocess
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import httpx
import pytest

from domain.datasets.dataset import Status
from domain.ports.work import Job
from entrypoints.bootstrap.cloud import cloud
from entrypoints.bootstrap.settings import Settings, load
from entrypoints.worker.queue_source import MAX_TAKEN
from tests.support.builders import ANN
from tests.support.cloud import cloud_settings, working
from tests.support.cloudformation import LEFT_OUT, Account, configure_bucket, read
from tests.support.served import DAILY, until_async
from tests.support.servers import endpoint_of, start_aws
from tests.support.source_tree import ROOT
from tests.support.workshop import a_request, chunks_of

SITE = "https://driftline.example.com"
MONGO = f"mongodb+srv://driftline:{'p' * 40}@cluster.example.net/driftline"


@pytest.fixture(scope="module")
def account(aws_keys: None) -> Iterator[Account]:
    """All stacks, in the order of docs/aws.md."""
    with start_aws() as server:
        account = Account(endpoint_of(server))
        account.deploy("network", "network", {})
        account.deploy("files", "files", {"SiteOrigin": SITE})
        configure_bucket(account, SITE)
        secrets = {name: _secret(account, name) for name in ("JwtSecret", "PostgresSecret", "RedisSecret", "mongo")}
        account.deploy("stores", "stores", {}, secrets)
        certificate = account.client("acm").request_certificate(DomainName="driftline.example.com")["CertificateArn"]
        account.deploy("front", "front", {"CertificateArn": certificate})
        for part in ("api", "worker"):
            given = {"Part": part, "Release": "1.0", "MongoSecretArn": secrets["mongo"]}
            account.deploy(part, "hosts", given)
        account.deploy("alarms", "alarms", {"Email": "ops@example.com"})
        yield account


def _secret(account: Account, name: str) -> str:
    content = json.dumps({"username": "driftline", "password": "p" * 40})
    arn: str = account.client("secretsmanager").create_secret(Name=name, SecretString=content)["ARN"]
    return arn


def role_of(account: Account, part: str) -> str:
    stack = account.client("cloudformation").describe_stacks(StackName=part)["Stacks"][0]
    return next(str(one["OutputValue"]) for one in stack["Outputs"] if one["OutputKey"] == "RoleName")


def queue_url(account: Account) -> str:
    url: str = account.client("sqs").get_queue_url(QueueName=account.outputs["QueueName"])["QueueUrl"]
    return url


@contextmanager
def as_role(account: Account, part: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Keys of a host's role, where boto looks for keys when a client is made."""
    arn = f"arn:aws:iam::123456789012:role/{role_of(account, part)}"
    keys = account.client("sts").assume_role(RoleArn=arn, RoleSessionName=part)["Credentials"]
    with monkeypatch.context() as patch:
        patch.setenv("AWS_ACCESS_KEY_ID", keys["AccessKeyId"])
        patch.setenv("AWS_SECRET_ACCESS_KEY", keys["SecretAccessKey"])
        patch.setenv("AWS_SESSION_TOKEN", keys["SessionToken"])
        yield


@contextmanager
def only_what_roles_allow(account: Account) -> Iterator[None]:
    """From now on moto checks signatures, and whether the caller's role allows the action (not: on which resource)."""

    def asked_without_keys(how_many: str) -> None:
        httpx.post(f"{account.endpoint}/moto-api/reset-auth", content=how_many).raise_for_status()

    asked_without_keys("0")
    try:
        yield
    finally:
        asked_without_keys("1000000")


async def test_upload_travels_through_the_created_bucket_and_queue_to_a_worker(
    account: Account, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    resources = {
        "s3_bucket": account.outputs["Bucket"],
        "s3_endpoint_url": account.endpoint,
        "sqs_queue_url": queue_url(account),
    }
    async with cloud_settings(tmp_path, **resources) as given, AsyncExitStack() as stack:
        with as_role(account, "api", monkeypatch):
            app = await stack.enter_async_context(cloud(Settings(**given)))
        with as_role(account, "worker", monkeypatch):
            await stack.enter_async_context(working(given))
        stack.enter_context(only_what_roles_allow(account))
        dataset = await app.use_cases.upload_dataset(ANN, None, chunks_of(DAILY), a_request())

        async def processed() -> bool:
            found = await app.ports.datasets.find(dataset.id)
            return found is not None and found.status is Status.CACHED

        assert await until_async(processed)
        await app.ports.jobs.submit(Job(dataset_id=dataset.id, version=1))


def test_all_that_moto_has_was_made(account: Account) -> None:
    cloudformation = account.client("cloudformation")
    template_of = {"api": "hosts", "worker": "hosts"}
    kinds: set[str] = set()
    for stack in ("network", "files", "stores", "front", "api", "worker", "alarms"):
        found = cloudformation.list_stack_resources(StackName=stack)["StackResourceSummaries"]
        made = {one["LogicalResourceId"] for one in found} - {""}  # moto forgets the names of a few
        written = read(template_of.get(stack, stack))["Resources"]
        kinds |= {resource["Type"] for resource in written.values()}
        wanted = {
            name
            for name, one in written.items()
            if one["Type"] not in LEFT_OUT and applies(one.get("Condition"), stack)
        }
        assert made == wanted, stack
    assert kinds >= LEFT_OUT


def applies(condition: str | None, stack: str) -> bool:
    return {None: True, "IsApi": stack == "api", "IsWorker": stack == "worker", "TwoNats": False}[condition]


def test_bucket_is_private_versioned_and_tidies_up(account: Account) -> None:
    s3, where = account.client("s3"), {"Bucket": account.outputs["Bucket"]}
    blocked = s3.get_public_access_block(**where)["PublicAccessBlockConfiguration"]
    assert set(blocked.values()) == {True}
    assert s3.get_bucket_versioning(**where)["Status"] == "Enabled"
    assert s3.get_bucket_encryption(**where)["ServerSideEncryptionConfiguration"]["Rules"]
    rules = s3.get_bucket_lifecycle_configuration(**where)["Rules"]
    assert {"DaysAfterInitiation": 1} in [rule.get("AbortIncompleteMultipartUpload") for rule in rules]
    (cors,) = s3.get_bucket_cors(**where)["CORSRules"]
    assert (cors["AllowedMethods"], cors["AllowedOrigins"]) == (["POST"], [SITE])


def test_a_worker_that_gives_up_does_so_before_the_queue_does(account: Account) -> None:
    sqs = account.client("sqs")
    told = sqs.get_queue_attributes(QueueUrl=queue_url(account), AttributeNames=["All"])["Attributes"]
    policy = json.loads(told["RedrivePolicy"])
    assert int(policy["maxReceiveCount"]) > MAX_TAKEN
    assert policy["deadLetterTargetArn"] == account.outputs["DeadLettersArn"]


@pytest.mark.parametrize(("part", "other"), [("api", "worker"), ("worker", "api")])
def test_role_allows_no_more_than_its_part_does(account: Account, part: str, other: str) -> None:
    allowed = actions_of(account, part)
    assert not {action for action in allowed if "*" in action}
    assert ("sqs:ReceiveMessage" in allowed) == (part == "worker")
    assert allowed != actions_of(account, other)


def statements_of(account: Account, part: str) -> list[dict[str, Any]]:
    iam, role = account.client("iam"), role_of(account, part)
    names = iam.list_role_policies(RoleName=role)["PolicyNames"]
    documents = [iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"] for name in names]
    return [statement for document in documents for statement in document["Statement"]]


def listed(one: str | list[str | None]) -> list[str]:
    return [one] if isinstance(one, str) else [each for each in one if each is not None]  # None: moto's AWS::NoValue


def actions_of(account: Account, part: str) -> set[str]:
    return {action for statement in statements_of(account, part) for action in listed(statement["Action"])}


# Queue, dead letters, bucket and secrets by their names here; whatever else is written out.
MAY = [
    ("api", "s3:PutObject", "bucket/users/u1/datasets/d1/v1/u1/source"),
    ("api", "s3:GetObject", "bucket/users/u1/reports/r1.pdf"),
    ("api", "s3:ListBucket", "bucket"),
    ("api", "sqs:SendMessage", "queue"),
    ("worker", "sqs:ReceiveMessage", "queue"),
    ("worker", "sqs:ChangeMessageVisibility", "queue"),
    ("worker", "sqs:SendMessage", "dead"),
    ("worker", "sqs:GetQueueAttributes", "dead"),  # how many lie there: a metric
    ("worker", "s3:PutObject", "bucket/users/u1/datasets/d1/v1/rejects.csv"),
]
MAY_NOT = [
    ("api", "s3:DeleteObject", "bucket/elsewhere"),
    ("api", "s3:GetObject", "arn:aws:s3:::other/users/u1/x"),
    ("api", "s3:DeleteObjectVersion", "bucket/users/u1/x"),  # what was deleted can be had back
    ("api", "sqs:ReceiveMessage", "queue"),
    ("api", "sqs:SendMessage", "dead"),
    ("worker", "sqs:SendMessage", "queue"),
    ("worker", "secretsmanager:GetSecretValue", "arn:aws:secretsmanager:us-east-1:123456789012:secret:other-x"),
    ("worker", "iam:PassRole", "arn:aws:iam::123456789012:role/other"),
]


@pytest.mark.parametrize(("part", "action", "resource"), MAY)
def test_role_may_do_its_work(account: Account, part: str, action: str, resource: str) -> None:
    assert allows(account, part, action, resource)


@pytest.mark.parametrize(("part", "action", "resource"), MAY_NOT)
def test_role_may_do_nothing_else(account: Account, part: str, action: str, resource: str) -> None:
    assert not allows(account, part, action, resource)


def allows(account: Account, part: str, action: str, resource: str) -> bool:
    told = account.outputs
    names = {"bucket": told["BucketArn"], "queue": told["QueueArn"], "dead": told["DeadLettersArn"]}
    first, slash, rest = resource.partition("/")
    arn = f"{names.get(first, first)}{slash}{rest}"
    return any(
        action in listed(statement["Action"]) and any(fnmatchcase(arn, one) for one in listed(statement["Resource"]))
        for statement in statements_of(account, part)
    )


def launch_data(account: Account, part: str) -> dict[str, Any]:
    """What the hosts of a part are started with."""
    group = f"driftline-{part}"
    found = account.client("autoscaling").describe_auto_scaling_groups(AutoScalingGroupNames=[group])
    template = found["AutoScalingGroups"][0]["LaunchTemplate"]["LaunchTemplateId"]
    versions = account.client("ec2").describe_launch_template_versions(LaunchTemplateId=template)
    data: dict[str, Any] = versions["LaunchTemplateVersions"][0]["LaunchTemplateData"]
    return data


@pytest.mark.parametrize("part", ["api", "worker"])
def test_host_is_reached_by_no_key_and_tells_its_own_to_nobody_else(account: Account, part: str) -> None:
    data = launch_data(account, part)
    assert data["MetadataOptions"]["HttpTokens"] == "required"
    assert "KeyName" not in data
    assert all(disk["Ebs"]["Encrypted"] for disk in data["BlockDeviceMappings"])


@pytest.mark.parametrize("part", ["api", "worker"])
def test_host_starts_its_containers_with_secrets_in_files(account: Account, part: str, tmp_path: Path) -> None:
    script = base64.b64decode(launch_data(account, part)["UserData"]).decode()
    assert subprocess.run(["bash", "-n"], input=script, text=True, capture_output=True, check=False).stderr == ""
    _write_what_the_script_writes(script, tmp_path)
    done = subprocess.run(
        ["bash", tmp_path / "driftline-start"], capture_output=True, text=True, check=False,
        env={"PATH": f"{_programs(tmp_path)}:/usr/bin:/bin"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    started = re.findall(r"^docker run .*/driftline/app:1.0 (migrate|serve|worker)$", done.stdout, re.MULTILINE)
    assert started == (["migrate", "serve"] if part == "api" else ["worker"])
    assert ("/driftline/web:1.0" in done.stdout) == (part == "api")
    assert "p" * 40 not in done.stdout  # no secret among the arguments, which every process of the host can read

    of_nginx = set(re.findall(r"^(\w+)=", (tmp_path / "web").read_text(), re.MULTILINE))
    assert {name for name in of_nginx if name not in (ROOT / "infrastructure" / "web" / "start").read_text()} == set()

    lines = (tmp_path / "settings").read_text().splitlines()
    settings = load(dict(line.split("=", 1) for line in lines), dotenv=None)
    assert settings.postgres_dsn == (
        f"postgresql://driftline:{'p' * 40}@{account.outputs['PostgresHost']}:5432/driftline"
        "?sslmode=verify-full&sslrootcert=/run/secrets/rds.pem"
    )
    assert settings.mongo_uri == MONGO
    assert (settings.s3_bucket, settings.secure_cookies) == (account.outputs["Bucket"], True)


def _write_what_the_script_writes(script: str, folder: Path) -> None:
    """The script's files, in a folder instead of the host's."""
    for name, content in re.findall(r"cat > \S*/(\S+) <<'END'\n(.*?)^END$", script, re.MULTILINE | re.DOTALL):
        moved = content.replace("/etc/driftline", str(folder)).replace("/run/driftline", str(folder / "secrets"))
        if name == "settings":
            moved = moved.replace("/run/secrets", str(folder / "secrets"))
        (folder / name).write_text(moved)


def _programs(folder: Path) -> Path:
    """Stand-ins for what the host has: they say what they were asked, or what a secret holds."""
    programs = folder / "bin"
    programs.mkdir()
    secret = json.dumps({"username": "driftline", "password": "p" * 40})
    said = {
        "aws": f"case $* in *secret:mongo*) echo {MONGO};; secretsmanager*) echo '{secret}';; *) echo token;; esac",
        "docker": 'case $1 in login) cat > /dev/null;; esac; echo "docker $*"',  # who reads no password breaks the pipe
        "jq": f"cat > /dev/null; echo {'p' * 40}",
        "curl": ":",
        "chown": ":",
        "hostname": "echo host",
    }
    for name, content in said.items():
        (programs / name).write_text(f"#!/bin/sh\n{content}\n")
        (programs / name).chmod(0o755)
    return programs
