"""The stacks of infrastructure/aws, deployed on moto from the very files that are deployed on AWS.

moto's CloudFormation lacks some kinds of resources (``LEFT_OUT``) and some properties of a bucket. What it lacks is
taken out of the template as it is read, and references to it are given a stand-in; ``configure_bucket`` does by S3's
own interface what the template says of the bucket.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import boto3
from cfnlint.decode import decode

from tests.support.servers import ACCESS_KEY, REGION, SECRET_KEY
from tests.support.source_tree import ROOT

TEMPLATES: Final = ROOT / "infrastructure" / "aws"
LEFT_OUT: Final = frozenset({
    "AWS::AutoScaling::ScalingPolicy",
    "AWS::CloudWatch::Alarm",
    "AWS::ElastiCache::ParameterGroup",
    "AWS::ElastiCache::ReplicationGroup",
    "AWS::ElastiCache::SubnetGroup",
    "AWS::S3::BucketPolicy",
    "AWS::SNS::Subscription",
    "AWS::SQS::QueuePolicy",
    "AWS::SecretsManager::Secret",
})  # fmt: skip


@dataclass
class Account:
    """An AWS account that moto plays, and what the stacks in it told."""

    endpoint: str
    outputs: dict[str, str] = field(default_factory=dict)

    def client(self, service: str) -> Any:
        return boto3.client(
            service, endpoint_url=self.endpoint, region_name=REGION,
            aws_access_key_id=ACCESS_KEY, aws_secret_access_key=SECRET_KEY,
        )  # fmt: skip

    def deploy(
        self, stack: str, template: str, parameters: Mapping[str, str], stand_ins: Mapping[str, str] | None = None
    ) -> None:
        """Make a stack of a template and remember its outputs."""
        cloudformation = self.client("cloudformation")
        given = [{"ParameterKey": name, "ParameterValue": value} for name, value in parameters.items()]
        body = json.dumps(without_left_out(read(template), stand_ins or {}))
        cloudformation.create_stack(
            StackName=stack, TemplateBody=body, Parameters=given, Capabilities=["CAPABILITY_IAM"]
        )
        made = cloudformation.describe_stacks(StackName=stack)["Stacks"][0]
        assert made["StackStatus"] == "CREATE_COMPLETE", made
        self.outputs |= {one["OutputKey"]: one["OutputValue"] for one in made.get("Outputs", ())}


def read(template: str) -> dict[str, Any]:
    """A template as CloudFormation sees it: YAML's short forms written out."""
    found, problems = decode(str(TEMPLATES / f"{template}.yaml"))
    assert not problems, problems
    assert found is not None
    return json.loads(json.dumps(found))  # type: ignore[no-any-return] # a template is an object


def templates() -> list[str]:
    return sorted(path.stem for path in TEMPLATES.glob("*.yaml"))


def resources(kind: str) -> dict[str, dict[str, Any]]:
    """Every resource of a kind in any template, as ``template.Name``."""
    return {
        f"{template}.{name}": resource
        for template in templates()
        for name, resource in read(template)["Resources"].items()
        if resource["Type"] == kind
    }


def without_left_out(template: dict[str, Any], stand_ins: Mapping[str, str]) -> dict[str, Any]:
    missing = {name for name, resource in template["Resources"].items() if resource["Type"] in LEFT_OUT}
    kept = {name: resource for name, resource in template["Resources"].items() if name not in missing}
    for resource in kept.values():
        if resource.get("DependsOn") in missing:
            del resource["DependsOn"]
    names = {name: stand_ins.get(name, f"no-{name}") for name in missing}
    return _replaced(template | {"Resources": kept}, names)  # type: ignore[no-any-return] # an object stays one


def _replaced(part: Any, names: Mapping[str, str]) -> Any:
    match part:
        case {"Ref": str(name)} if name in names:
            return names[name]
        case {"Fn::GetAtt": [str(name), *_]} if name in names:
            return names[name]
        case dict():
            return {key: _replaced(value, names) for key, value in part.items()}
        case list():
            return [_replaced(value, names) for value in part]
        case str():
            return re.sub(r"\$\{(\w+)(\.\w+)*\}", lambda found: names.get(found[1], found[0]), part)
        case _:
            return part


def configure_bucket(account: Account, site: str) -> None:
    """What moto passes over in the template's bucket, said by S3's own interface."""
    values = {"SiteOrigin": site, "Queue": account.outputs["QueueArn"], "DaysToRegret": 30}
    bucket = _resolved(read("files")["Resources"]["Bucket"]["Properties"], values)
    where = {"Bucket": account.outputs["Bucket"]}
    s3 = account.client("s3")
    s3.put_bucket_versioning(**where, VersioningConfiguration=bucket["VersioningConfiguration"])
    s3.put_public_access_block(**where, PublicAccessBlockConfiguration=bucket["PublicAccessBlockConfiguration"])
    rules = [{"Filter": {"Prefix": ""}} | _of_api(rule) for rule in bucket["LifecycleConfiguration"]["Rules"]]
    s3.put_bucket_lifecycle_configuration(**where, LifecycleConfiguration={"Rules": rules})
    cors = [_of_api(rule) for rule in bucket["CorsConfiguration"]["CorsRules"]]
    s3.put_bucket_cors(**where, CORSConfiguration={"CORSRules": cors})
    told = [
        {
            "QueueArn": one["Queue"],
            "Events": [one["Event"]],
            "Filter": {"Key": {"FilterRules": one["Filter"]["S3Key"]["Rules"]}},
        }
        for one in bucket["NotificationConfiguration"]["QueueConfigurations"]
    ]
    s3.put_bucket_notification_configuration(**where, NotificationConfiguration={"QueueConfigurations": told})


def _of_api(rule: dict[str, Any]) -> dict[str, Any]:
    """S3's interface and CloudFormation name some things differently."""
    names = {"Id": "ID", "MaxAge": "MaxAgeSeconds", "ExposedHeaders": "ExposeHeaders"}
    named = {names.get(key, key): value for key, value in rule.items()}
    marker = named.pop("ExpiredObjectDeleteMarker", None)
    return named if marker is None else named | {"Expiration": {"ExpiredObjectDeleteMarker": marker}}


def _resolved(part: Any, values: Mapping[str, Any]) -> Any:
    match part:
        case {"Ref": name}:
            return values.get(name, name)
        case {"Fn::GetAtt": [name, *_]}:
            return values.get(name, name)
        case dict():
            return {key: _resolved(value, values) for key, value in part.items()}
        case list():
            return [_resolved(value, values) for value in part]
        case _:
            return part
