"""Every documented route: which handlers stand under which path, tag and kind of sign-in."""

from typing import Final

from litestar import Router
from litestar.di import Provide

from entrypoints.http.context import provide_use_cases, user_id_of
from entrypoints.http.handlers import (
    analyses,
    auth,
    calendar,
    causes,
    datasets,
    direct_uploads,
    health,
    labels,
    reports,
    samples,
    verdicts,
    versions,
)

ACCESS_TOKEN: Final[list[dict[str, list[str]]]] = [{"accessToken": []}]  # names of the schemes in ``openapi``


def api() -> Router:
    """All documented routes, with what their handlers are given."""
    return Router(
        "/api",
        route_handlers=[
            Router("/labels", route_handlers=[labels.get_labels], tags=["Labels"]),
            Router(
                "/auth",
                route_handlers=[
                    auth.register,
                    auth.log_in,
                    auth.refresh,
                    auth.log_out,
                    auth.log_out_everywhere,
                    auth.who_am_i,
                ],
                tags=["Accounts"],
            ),
            Router(
                "/datasets",
                route_handlers=[
                    datasets.preview_file,
                    datasets.get_limits,
                    datasets.upload_dataset,
                    direct_uploads.create_upload_url,
                    direct_uploads.withdraw_upload,
                    datasets.list_datasets,
                    datasets.get_dataset,
                    datasets.rename_dataset,
                    datasets.delete_dataset,
                    datasets.reprocess_dataset,
                    datasets.read_rejects,
                    datasets.watch_dataset,
                ],
                tags=["Datasets"],
                security=ACCESS_TOKEN,
            ),
            Router(
                "/",
                route_handlers=[versions.list_versions, versions.restore_version, versions.compare_versions],
                tags=["Versions"],
                security=ACCESS_TOKEN,
            ),
            Router(
                "/analytics",
                route_handlers=[
                    analyses.get_analysis,
                    analyses.run_analysis,
                    analyses.get_series,
                    analyses.export_series,
                    causes.get_causes,
                ],
                tags=["Analyses"],
                security=ACCESS_TOKEN,
            ),
            Router(
                "/analytics",
                route_handlers=[
                    *(verdicts.give_verdict, verdicts.list_verdicts),
                    *(verdicts.give_annotation, verdicts.list_annotations),
                ],
                tags=["Verdicts"],
                security=ACCESS_TOKEN,
            ),
            Router(
                "/calendar",
                route_handlers=[calendar.list_countries, calendar.read_calendar],
                tags=["Calendar"],
                security=ACCESS_TOKEN,
            ),
            Router(
                "/reports",
                route_handlers=[
                    reports.generate_report,
                    reports.list_reports,
                    reports.get_report_status,
                    reports.watch_report,
                    reports.get_report,
                    reports.link_report,
                    reports.read_linked_report,
                    reports.delete_report,
                ],
                tags=["Reports"],
                security=ACCESS_TOKEN,
            ),
            Router(
                "/samples",
                route_handlers=[samples.list_samples, samples.load_sample],
                tags=["Samples"],
                security=ACCESS_TOKEN,
            ),
            Router("/health", route_handlers=[health.live, health.ready], tags=["Health"]),
        ],
        dependencies={
            "use_cases": Provide(provide_use_cases, sync_to_thread=False),
            "user_id": Provide(user_id_of, sync_to_thread=False),
        },
    )
