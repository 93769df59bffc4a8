"""From ports to use cases: the same for every profile and for tests."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from domain.ports import (
    AccessTokens,
    Analyses,
    AnalysisCache,
    Annotations,
    Announcements,
    Blobs,
    Clock,
    Datasets,
    Dependency,
    DownloadLinks,
    Identifiers,
    Jobs,
    LinkedFiles,
    News,
    Offload,
    PasswordHasher,
    RateLimiter,
    Records,
    RefreshSessions,
    ReportRenderer,
    Reports,
    Samples,
    Scratch,
    TableReader,
    Thinner,
    UploadForms,
    Users,
)
from domain.reports import ReportFormat
from domain.use_cases import (
    accounts,
    analysing,
    analytics,
    annotations,
    appending,
    checkup,
    datasets,
    direct_uploads,
    jobs,
    processing,
    reading,
    reports,
    samples,
    uploads,
    versions,
)
from entrypoints.bootstrap.settings import Settings
from entrypoints.tracing import Tracing


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """One adapter for each port."""

    clock: Clock
    identifiers: Identifiers
    offload: Offload
    scratch: Scratch
    users: Users
    sessions: RefreshSessions
    hasher: PasswordHasher
    tokens: AccessTokens
    limiter: RateLimiter
    datasets: Datasets
    blobs: Blobs
    reader: TableReader
    records: Records
    analyses: Analyses
    annotations: Annotations
    reports: Reports
    renderers: Mapping[ReportFormat, ReportRenderer]
    cache: AnalysisCache
    thinner: Thinner
    jobs: Jobs
    arrivals: Jobs  # who is told of a file that was just stored: the queue, unless the store itself tells it
    news: News
    announcements: Announcements | None  # this and the next: None where files come through the API alone
    forms: UploadForms | None
    links: DownloadLinks
    linked: LinkedFiles | None  # None where the store hands files out itself
    samples: Samples
    dependencies: tuple[Dependency, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class UseCases:
    """What the entry points call."""

    register: accounts.Register
    log_in: accounts.LogIn
    refresh: accounts.Refresh
    log_out: accounts.LogOut
    log_out_everywhere: accounts.LogOutEverywhere
    identify: accounts.Identify
    who_am_i: accounts.WhoAmI
    preview_file: uploads.PreviewFile
    upload_dataset: uploads.UploadDataset
    announce_upload: direct_uploads.AnnounceUpload
    register_arrival: direct_uploads.RegisterArrival
    withdraw_upload: direct_uploads.WithdrawUpload
    list_datasets: datasets.ListDatasets
    get_dataset: datasets.GetDataset
    list_versions: datasets.ListVersions
    read_rejects: datasets.ReadRejects
    watch_dataset: datasets.WatchDataset
    rename_dataset: datasets.RenameDataset
    delete_dataset: datasets.DeleteDataset
    reprocess_dataset: processing.ReprocessDataset
    process_dataset: processing.ProcessDataset
    do_job: jobs.DoJob
    resume_unfinished: jobs.ResumeUnfinished
    request_report: reports.RequestReport
    list_reports: reports.ListReports
    get_report: reports.GetReport
    read_report: reports.ReadReport
    link_report: reports.LinkReport
    read_linked: reports.ReadLinked
    delete_report: reports.DeleteReport
    get_analysis: analytics.GetAnalysis
    run_analysis: analytics.RunAnalysis
    get_series: analytics.GetSeries
    annotate: annotations.Annotate
    list_annotations: annotations.ListAnnotations
    compare_versions: versions.CompareVersions
    restore_version: versions.RestoreVersion
    list_samples: samples.ListSamples
    load_sample: samples.LoadSample
    checkup: checkup.Checkup


def use_cases(ports: Ports, settings: Settings, tracing: Tracing | None = None) -> UseCases:
    """Put the use cases together; the slow ones are spans if there is somebody to tell."""
    p = ports
    if tracing is not None:
        p = replace(
            p,
            reader=tracing.around(p.reader, {"ingest": "read"}),
            records=tracing.around(p.records, {"store": "store", "series": "series"}),
        )
    limits = accounts.RateLimits(
        logins_per_account=settings.login_attempts,
        logins_per_address=settings.login_attempts_per_address,
        registrations_per_address=settings.registrations_per_address,
    )
    sessions = accounts.Sessions(p.sessions, p.tokens, p.identifiers, p.clock)
    analyse = analysing.AnalyseMetric(p.records, p.thinner, p.offload, p.clock)
    if tracing is not None:
        analyse = tracing.around(analyse, {"__call__": "analyse"})
    keep = analysing.KeepAnalysis(analyse, p.datasets, p.analyses, p.annotations, p.blobs, p.cache)
    get = analytics.GetAnalysis(p.datasets, p.analyses, p.cache, keep)
    delete = datasets.DeleteDataset(p.datasets, p.blobs, p.records, p.analyses, p.annotations, p.cache)
    process = processing.ProcessDataset(
        p.datasets, p.blobs, reading.ReadVersion(p.datasets, p.blobs, p.reader, p.offload), p.records, keep,
        p.analyses, p.cache, p.news, p.scratch, p.clock, delete,
    )  # fmt: skip
    if tracing is not None:
        process = tracing.around(process, {"__call__": "process"})
    make_report = reports.MakeReport(p.datasets, p.reports, p.blobs, get, p.renderers, p.offload, p.clock)
    basis = appending.FindBasis(p.datasets, p.blobs, p.reader, p.offload)
    upload = uploads.UploadDataset(
        p.datasets, p.blobs, p.cache, p.arrivals, p.news, p.identifiers, p.clock, basis, settings.max_upload_bytes
    )
    arrive = direct_uploads.RegisterArrival(p.datasets, p.blobs, p.cache, p.announcements, p.news, p.clock, basis)
    lasting = p.jobs if settings.profile == "cloud" else None
    return UseCases(
        register=accounts.Register(p.users, p.hasher, p.limiter, p.identifiers, p.clock, limits),
        log_in=accounts.LogIn(p.users, p.hasher, p.limiter, sessions, p.clock, limits),
        refresh=accounts.Refresh(sessions),
        log_out=accounts.LogOut(p.sessions),
        log_out_everywhere=accounts.LogOutEverywhere(p.sessions),
        identify=accounts.Identify(p.tokens, p.clock),
        who_am_i=accounts.WhoAmI(p.users),
        preview_file=uploads.PreviewFile(p.reader, p.offload),
        upload_dataset=upload,
        announce_upload=direct_uploads.AnnounceUpload(
            p.datasets, p.announcements, p.forms, p.identifiers, p.clock, basis, settings.max_upload_bytes
        ),
        register_arrival=arrive,
        withdraw_upload=direct_uploads.WithdrawUpload(p.blobs, p.announcements, arrive),
        list_datasets=datasets.ListDatasets(p.datasets),
        get_dataset=datasets.GetDataset(p.datasets),
        list_versions=datasets.ListVersions(p.datasets),
        read_rejects=datasets.ReadRejects(p.datasets, p.blobs),
        watch_dataset=datasets.WatchDataset(p.datasets, p.news, p.announcements, p.clock),
        rename_dataset=datasets.RenameDataset(p.datasets, p.analyses, p.cache),
        delete_dataset=delete,
        reprocess_dataset=processing.ReprocessDataset(p.datasets, p.cache, p.jobs, p.news),
        process_dataset=process,
        do_job=jobs.DoJob(process, make_report),
        resume_unfinished=jobs.ResumeUnfinished(p.datasets, p.reports, p.jobs),
        request_report=reports.RequestReport(p.datasets, p.reports, p.jobs, p.identifiers, p.clock),
        list_reports=reports.ListReports(p.reports),
        get_report=reports.GetReport(p.reports),
        read_report=reports.ReadReport(p.reports, p.blobs),
        link_report=reports.LinkReport(p.reports, p.blobs, p.links, p.clock),
        read_linked=reports.ReadLinked(p.blobs, p.linked),
        delete_report=reports.DeleteReport(p.reports, p.blobs),
        get_analysis=get,
        run_analysis=analytics.RunAnalysis(p.datasets, p.analyses, p.cache, keep),
        get_series=analytics.GetSeries(p.datasets, p.blobs, p.cache, get, keep, p.thinner, p.offload),
        annotate=annotations.Annotate(p.datasets, p.annotations, p.analyses, p.cache, p.clock, keep, p.records),
        list_annotations=annotations.ListAnnotations(p.datasets, p.annotations),
        compare_versions=versions.CompareVersions(get),
        restore_version=versions.RestoreVersion(p.datasets, p.blobs, upload),
        list_samples=samples.ListSamples(p.samples),
        load_sample=samples.LoadSample(p.samples, upload),
        checkup=checkup.Checkup(
            p.datasets, p.blobs, p.records, p.analyses, p.annotations, p.reports, p.cache, p.sessions,
            p.announcements, lasting, arrive, delete, p.clock,
        ),
    )  # fmt: skip
