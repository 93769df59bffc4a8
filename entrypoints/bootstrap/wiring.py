"""From ports to use cases: the same for every profile and for tests."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from domain.ports.accounts import AccessTokens, PasswordHasher, RateLimiter, RefreshSessions, Users
from domain.ports.analyses import Analyses, AnalysisCache, Downsampler, ReportRenderer, Reports, Verdicts
from domain.ports.datasets import (
    Blobs,
    Datasets,
    PendingUploads,
    PresignedDownloads,
    PresignedUploads,
    Records,
    Samples,
    SignedLinks,
    TableReader,
)
from domain.ports.system import Admission, Clock, Dependency, IdGenerator, TempWorkspace, WorkerPool
from domain.ports.work import JobKind, Jobs, ProgressEvents
from domain.reports.report import ReportFormat
from domain.use_cases import accounts, feedback, maintenance, reports
from domain.use_cases.analyses import causes, compute, read, read_calendar, repair
from domain.use_cases.datasets import datasets, versions
from domain.use_cases.processing import count_open, jobs, overtaken, process, read_version, turns
from domain.use_cases.uploads import append_base, direct_upload, named_columns, samples, upload
from entrypoints.bootstrap.settings import Settings
from entrypoints.tracing import Tracing


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """One adapter for each port."""

    clock: Clock
    id_generator: IdGenerator
    worker_pool: WorkerPool
    background: Admission  # of jobs: as many at once as the worker takes
    analyses_asked: Admission  # computed while a user waits
    previews: Admission
    temp_workspace: TempWorkspace
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
    verdicts: Verdicts
    reports: Reports
    renderers: Mapping[ReportFormat, ReportRenderer]
    cache: AnalysisCache
    downsampler: Downsampler
    jobs: Jobs
    arrivals: Jobs  # who is told of a file that was just stored: the queue, unless the store itself tells it
    progress_events: ProgressEvents
    pending_uploads: PendingUploads | None  # this and the next: None where files come through the API alone
    forms: PresignedUploads | None
    links: PresignedDownloads
    linked: SignedLinks | None  # None where the store hands files out itself
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
    authenticate: accounts.Authenticate
    get_account: accounts.GetAccount
    preview_file: upload.PreviewFile
    upload_dataset: upload.UploadDataset
    prepare_direct_upload: direct_upload.PrepareDirectUpload
    register_arrival: direct_upload.RegisterArrival
    withdraw_upload: direct_upload.WithdrawUpload
    list_datasets: datasets.ListDatasets
    get_dataset: datasets.GetDataset
    list_versions: datasets.ListVersions
    read_rejects: datasets.ReadRejects
    watch_dataset: datasets.WatchDataset
    rename_dataset: datasets.RenameDataset
    delete_dataset: datasets.DeleteDataset
    reprocess_dataset: process.ReprocessDataset
    process_dataset: process.ProcessDataset
    run_job: jobs.RunJob
    run_in_turns: turns.RunInTurns
    resume_unfinished: jobs.ResumeUnfinished
    request_report: reports.RequestReport
    list_reports: reports.ListReports
    get_report: reports.GetReport
    read_report: reports.ReadReport
    link_report: reports.LinkReport
    read_linked: reports.ReadLinked
    delete_report: reports.DeleteReport
    serve_analysis: read.ServeAnalysis
    run_analysis: read.RunAnalysis
    get_series: read.GetSeries
    export_series: read.ExportSeries
    find_causes: causes.FindCauses
    read_calendar: read_calendar.ReadCalendar
    give_verdict: feedback.GiveVerdict
    list_verdicts: feedback.ListVerdicts
    compare_versions: versions.CompareVersions
    restore_version: versions.RestoreVersion
    list_samples: samples.ListSamples
    load_sample: samples.LoadSample
    check_consistency: maintenance.ConsistencyCheck
    clear_orphans: maintenance.ClearOrphans


def use_cases(ports: Ports, settings: Settings, tracing: Tracing | None = None) -> UseCases:
    """Put the use cases together; the slow ones are spans if tracing is configured."""
    p = ports
    if tracing is not None:
        p = replace(
            p,
            reader=tracing.around(p.reader, {"ingest": "read"}),
            records=tracing.around(p.records, {"store": "store", "series": "series", "group_sums": "groups"}),
        )
    limits = accounts.RateLimits(
        logins_per_account=settings.login_attempts,
        logins_per_address=settings.login_attempts_per_address,
        registrations_per_address=settings.registrations_per_address,
    )
    sessions = accounts.Sessions(store=p.sessions, tokens=p.tokens, id_generator=p.id_generator, clock=p.clock)
    analyse = compute.AnalyseMetric(
        records=p.records, downsampler=p.downsampler, worker_pool=p.worker_pool, clock=p.clock
    )
    if tracing is not None:
        analyse = tracing.around(analyse, {"__call__": "analyse"})
    keep = compute.ComputeAnalysis(
        analyse=analyse,
        datasets=p.datasets,
        analyses=p.analyses,
        verdicts=p.verdicts,
        blobs=p.blobs,
        cache=p.cache,
        admission=p.background,
        worker_pool=p.worker_pool,
    )
    admitted = replace(keep, admission=p.analyses_asked)
    reprocess_dataset = process.ReprocessDataset(
        datasets=p.datasets, cache=p.cache, jobs=p.jobs, progress_events=p.progress_events
    )
    damaged = repair.ReadAgainIfDamaged(reprocess=reprocess_dataset)
    serve = read.ServeAnalysis(datasets=p.datasets, cache=p.cache, keep=admitted, repair=damaged)
    get = read.GetAnalysis(serve=serve, worker_pool=p.worker_pool)
    delete = datasets.DeleteDataset(
        datasets=p.datasets, blobs=p.blobs, records=p.records, analyses=p.analyses, verdicts=p.verdicts, cache=p.cache
    )
    process_dataset = process.ProcessDataset(
        datasets=p.datasets,
        blobs=p.blobs,
        reading=read_version.ReadVersion(
            datasets=p.datasets, blobs=p.blobs, reader=p.reader, worker_pool=p.worker_pool
        ),
        records=p.records,
        keep=keep,
        cache=p.cache,
        progress_events=p.progress_events,
        temp_workspace=p.temp_workspace,
        clock=p.clock,
        delete=delete,
        analyses=p.analyses,
        clear=overtaken.ClearOvertaken(
            datasets=p.datasets, blobs=p.blobs, records=p.records, analyses=p.analyses, delete=delete
        ),
    )
    if tracing is not None:
        process_dataset = tracing.around(process_dataset, {"__call__": "process"})
    make_report = reports.MakeReport(
        datasets=p.datasets,
        reports=p.reports,
        blobs=p.blobs,
        get=replace(get, serve=replace(serve, keep=keep)),
        renderers=p.renderers,
        worker_pool=p.worker_pool,
        clock=p.clock,
    )
    basis = append_base.ResolveAppendBase(
        datasets=p.datasets, blobs=p.blobs, reader=p.reader, worker_pool=p.worker_pool
    )
    upload_dataset = upload.UploadDataset(
        datasets=p.datasets,
        blobs=p.blobs,
        cache=p.cache,
        jobs=p.arrivals,
        progress_events=p.progress_events,
        id_generator=p.id_generator,
        clock=p.clock,
        find_basis=basis,
        check_columns=named_columns.CheckNamedColumns(blobs=p.blobs, reader=p.reader, worker_pool=p.worker_pool),
        max_bytes=settings.max_upload_bytes,
        max_waiting=settings.waiting_uploads,
    )
    arrive = direct_upload.RegisterArrival(
        datasets=p.datasets,
        blobs=p.blobs,
        cache=p.cache,
        pending_uploads=p.pending_uploads,
        progress_events=p.progress_events,
        clock=p.clock,
        find_basis=basis,
    )
    lasting = p.jobs if settings.profile == "cloud" else None
    series = read.GetSeries(
        datasets=p.datasets,
        cache=p.cache,
        keep=admitted,
        repair=damaged,
        downsampler=p.downsampler,
        worker_pool=p.worker_pool,
    )
    check_consistency = maintenance.ConsistencyCheck(
        datasets=p.datasets,
        blobs=p.blobs,
        records=p.records,
        analyses=p.analyses,
        verdicts=p.verdicts,
        reports=p.reports,
        cache=p.cache,
        sessions=p.sessions,
        pending_uploads=p.pending_uploads,
        jobs=lasting,
        arrive=arrive,
        delete=delete,
        clock=p.clock,
        find_damage=maintenance.FindDamage(blobs=p.blobs, records=p.records, reprocess=reprocess_dataset),
    )
    run_job = jobs.RunJob(
        tasks={
            JobKind.DATASET: process_dataset,
            JobKind.REPORT: make_report,
            JobKind.OPEN_COUNT: count_open.CountOpenAnomalies(datasets=p.datasets, keep=keep, cache=p.cache),
        }
    )
    return UseCases(
        register=accounts.Register(
            users=p.users, hasher=p.hasher, limiter=p.limiter, id_generator=p.id_generator, clock=p.clock, limits=limits
        ),
        log_in=accounts.LogIn(
            users=p.users, hasher=p.hasher, limiter=p.limiter, sessions=sessions, clock=p.clock, limits=limits
        ),
        refresh=accounts.Refresh(sessions=sessions),
        log_out=accounts.LogOut(store=p.sessions),
        log_out_everywhere=accounts.LogOutEverywhere(store=p.sessions),
        authenticate=accounts.Authenticate(tokens=p.tokens, clock=p.clock),
        get_account=accounts.GetAccount(users=p.users),
        preview_file=upload.PreviewFile(reader=p.reader, worker_pool=p.worker_pool, admission=p.previews),
        upload_dataset=upload_dataset,
        prepare_direct_upload=direct_upload.PrepareDirectUpload(
            datasets=p.datasets,
            pending_uploads=p.pending_uploads,
            forms=p.forms,
            id_generator=p.id_generator,
            clock=p.clock,
            find_basis=basis,
            max_bytes=settings.max_upload_bytes,
            max_waiting=settings.waiting_uploads,
        ),
        register_arrival=arrive,
        withdraw_upload=direct_upload.WithdrawUpload(blobs=p.blobs, pending_uploads=p.pending_uploads, arrive=arrive),
        list_datasets=datasets.ListDatasets(datasets=p.datasets),
        get_dataset=datasets.GetDataset(datasets=p.datasets),
        list_versions=datasets.ListVersions(datasets=p.datasets),
        read_rejects=datasets.ReadRejects(datasets=p.datasets, blobs=p.blobs),
        watch_dataset=datasets.WatchDataset(
            datasets=p.datasets, progress_events=p.progress_events, pending_uploads=p.pending_uploads, clock=p.clock
        ),
        rename_dataset=datasets.RenameDataset(datasets=p.datasets, analyses=p.analyses, cache=p.cache),
        delete_dataset=delete,
        reprocess_dataset=reprocess_dataset,
        process_dataset=process_dataset,
        run_job=run_job,
        run_in_turns=turns.RunInTurns(run=run_job, datasets=p.datasets, clock=p.clock),
        resume_unfinished=jobs.ResumeUnfinished(datasets=p.datasets, reports=p.reports, jobs=p.jobs),
        request_report=reports.RequestReport(
            datasets=p.datasets, reports=p.reports, jobs=p.jobs, id_generator=p.id_generator, clock=p.clock
        ),
        list_reports=reports.ListReports(reports=p.reports),
        get_report=reports.GetReport(reports=p.reports),
        read_report=reports.ReadReport(reports=p.reports, blobs=p.blobs),
        link_report=reports.LinkReport(reports=p.reports, blobs=p.blobs, links=p.links, clock=p.clock),
        read_linked=reports.ReadLinked(blobs=p.blobs, linked=p.linked),
        delete_report=reports.DeleteReport(reports=p.reports, blobs=p.blobs),
        serve_analysis=serve,
        run_analysis=read.RunAnalysis(datasets=p.datasets, cache=p.cache, keep=admitted, repair=damaged),
        get_series=series,
        export_series=read.ExportSeries(series=series),
        find_causes=causes.FindCauses(
            datasets=p.datasets,
            get=get,
            explain=causes.ExplainChange(records=p.records, worker_pool=p.worker_pool),
        ),
        read_calendar=read_calendar.ReadCalendar(worker_pool=p.worker_pool, clock=p.clock),
        give_verdict=feedback.GiveVerdict(
            datasets=p.datasets,
            verdicts=p.verdicts,
            analyses=p.analyses,
            cache=p.cache,
            clock=p.clock,
            records=p.records,
            jobs=p.jobs,
        ),
        list_verdicts=feedback.ListVerdicts(datasets=p.datasets, verdicts=p.verdicts),
        compare_versions=versions.CompareVersions(get=get),
        restore_version=versions.RestoreVersion(datasets=p.datasets, blobs=p.blobs, upload=upload_dataset),
        list_samples=samples.ListSamples(samples=p.samples),
        load_sample=samples.LoadSample(samples=p.samples, upload=upload_dataset),
        check_consistency=check_consistency,
        clear_orphans=maintenance.ClearOrphans(check=check_consistency, clock=p.clock),
    )
