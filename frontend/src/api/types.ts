/**
 * The API's words, as generated from its OpenAPI document (`npm run api-types`).
 *
 * Times of points are text in the dataset's zone; times of events (uploads, runs) are UTC.
 */
import type { components } from './schema';

type Schemas = components['schemas'];

export type Account = Schemas['Account'];
export type AccessToken = Schemas['AccessToken'];

export type Status = Schemas['Status'];
export type DatasetOrder = Schemas['DatasetOrder'];
export type ColumnType = Schemas['ColumnType'];
export type FileFormat = Schemas['FileFormat'];
export type Encoding = Schemas['Encoding'];
export type Column = Schemas['Column'];
export type DataQuality = Schemas['DataQuality'];
export type DatasetResponse = Schemas['DatasetResponse'];
export type Metric = Schemas['Metric'];
export type DatasetList = Schemas['DatasetList'];
export type VersionList = Schemas['VersionList'];
export type UploadResponse = Schemas['UploadResponse'];
export type Labels = Schemas['Labels'];
export type Limits = Schemas['Limits'];
export type UploadTicket = Schemas['UploadTicket'];
export type Withdrawal = Schemas['Withdrawal'];
export type UploadUrlBody = Schemas['UploadUrlBody'];
export type Preview = Schemas['Preview'];
export type PreviewColumn = Schemas['PreviewColumn'];
export type Progress = Schemas['Progress'];
export type Sample = Schemas['Sample'];
export type SampleList = Schemas['SampleList'];

export type Certainty = Schemas['Certainty'];
export type Severity = Schemas['Severity'];
export type Method = Schemas['Method'];
export type MethodVote = Schemas['MethodVote'];
export type Kind = Schemas['Kind'];
export type VerdictKind = Schemas['VerdictKind'];
export type Granularity = Schemas['Granularity'];
export type Aggregate = Schemas['Aggregate'];
export type Reported = Schemas['Reported'];

export type CalendarEvents = Schemas['CalendarEvents'];
export type CountryList = Schemas['CountryList'];

export type Analysis = Schemas['Analysis'];
export type SeriesView = Schemas['SeriesView'];
export type Anomaly = Schemas['Anomaly'];
export type Insight = Schemas['Insight'];
export type QualityNote = Schemas['QualityNote'];
export type Profile = Schemas['Profile'];
export type TransformKind = Schemas['TransformKind'];
export type SensitivityPoint = Schemas['SensitivityPoint'];
export type ChangeExplanation = Schemas['ChangeExplanation'];
export type DimensionShares = Schemas['DimensionShares'];
export type Dimension = Schemas['Dimension'];
export type Comparison = Schemas['Comparison'];
export type FigureChange = Schemas['FigureChange'];
export type RunBody = Schemas['RunBody'];
/** Without `where` it is on all rows. */
export type VerdictBody = Omit<Schemas['VerdictBody'], 'where'> &
  Partial<Pick<Schemas['VerdictBody'], 'where'>>;

export type ReportResponse = Schemas['ReportResponse'];
export type ReportList = Schemas['ReportList'];
export type ReportLink = Schemas['ReportLink'];
export type ReportFormat = Schemas['ReportFormat'];
export type ReportBody = Schemas['ReportBody'];
