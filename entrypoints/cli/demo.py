"""``driftline demo``: sample datasets in a demo account, ready to look at."""

import asyncio
from typing import Final

from rich.console import Console
from rich.table import Table

from domain.datasets.dataset import Dataset, Status
from domain.errors import EmailTakenError, InvalidCredentialsError
from entrypoints.bootstrap.application import Application
from entrypoints.bootstrap.profiles import opened
from entrypoints.bootstrap.settings import Settings

EMAIL: Final = "demo@driftline.example"  # .example never resolves (RFC 2606)
PASSWORD: Final = "driftline-demo"  # noqa: S105 printed for everybody to use on their own machine
CLIENT: Final = "command line"
POLL_SECONDS: Final = 0.05


async def demo(settings: Settings) -> None:
    """Make the demo account, load every sample that is not there yet, wait until all are analysed, and say so.

    Raises:
        InvalidCredentialsError: the demo account's password was changed.
    """
    async with opened(settings) as app:
        # In the cloud profile a worker does it.
        working = asyncio.create_task(app.worker()) if app.worker is not None else None
        try:
            user_id = await _user(app)
            await _load(app, user_id)
            await _settled(app, user_id)
        finally:
            if working is not None:
                working.cancel()
                await asyncio.wait([working])  # it finishes what it has in hand
        datasets = await _all(app, user_id)
    _show(datasets)


async def _user(app: Application) -> str:
    try:
        return (await app.use_cases.register(EMAIL, PASSWORD, CLIENT)).id
    except EmailTakenError:
        pass
    try:
        signed_in = await app.use_cases.log_in(EMAIL, PASSWORD, CLIENT)
    except InvalidCredentialsError as error:
        raise InvalidCredentialsError(f"The account {EMAIL} exists with another password.") from error
    return app.use_cases.authenticate(signed_in.access_token).user_id


async def _load(app: Application, user_id: str) -> None:
    there = {dataset.dataset_name for dataset in (await app.use_cases.list_datasets(user_id, 200, 0)).items}
    for sample in app.use_cases.list_samples():
        if sample.title not in there:
            await app.use_cases.load_sample(user_id, sample.name)


async def _settled(app: Application, user_id: str) -> None:
    while any(one.status in {Status.UPLOADED, Status.PROCESSING} for one in await _all(app, user_id)):  # noqa: ASYNC110 - the worker sends no event here
        await asyncio.sleep(POLL_SECONDS)


async def _all(app: Application, user_id: str) -> tuple[Dataset, ...]:
    return (await app.use_cases.list_datasets(user_id, 200, 0)).items


def _show(datasets: tuple[Dataset, ...]) -> None:
    console = Console()
    table = Table("dataset", "status")
    table.add_column("rows", justify="right")
    table.add_column("anomalies", justify="right")
    for dataset in datasets:
        count = "" if dataset.anomaly_count is None else f"{dataset.anomaly_count:,}"
        table.add_row(dataset.dataset_name, dataset.status, f"{dataset.row_count or 0:,}", count)
    console.print(table)
    console.print(f"Start the server (make run, or driftline serve) and sign in as {EMAIL}, password {PASSWORD}")
