"""The templates of infrastructure/aws hold what AWS itself would refuse late: cfn-lint, in this process."""

from cfnlint.api import lint_by_config
from cfnlint.config import ManualArgs

from tests.support.cloudformation import TEMPLATES, templates


def test_cfn_lint_finds_nothing_in_the_templates() -> None:
    files = [str(TEMPLATES / f"{name}.yaml") for name in templates()]
    found = lint_by_config(ManualArgs(templates=files, regions=["us-east-1"]))
    assert [str(match) for match in found] == []
