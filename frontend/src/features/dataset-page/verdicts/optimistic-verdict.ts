import type { Analysis, Anomaly, Severity, VerdictBody } from '@/api/types';
import { SEVERITIES } from '@/components/SeverityMark';
import { isClosed } from '../labels';

/** What is said of one anomaly of an analysis. */
export type VerdictState = Pick<Anomaly, 'id' | 'verdict' | 'reason' | 'verdictDate'>;

/** Of which anomalies something is said: the one of that date, and those that an earlier word of it speaks of. */
export function affectedVerdicts(analysis: Analysis, said: VerdictBody): VerdictState[] {
  const { metric, date, where = [] } = said;
  if (analysis.metric !== metric || !isSameSegment(analysis.settings.where, where)) return [];
  return analysis.anomalies
    .filter((one) => one.date === date || one.verdictDate === date)
    .map(({ id, verdict, reason, verdictDate }) => ({ id, verdict, reason, verdictDate }));
}

function isSameSegment(one: readonly string[], other: readonly string[]): boolean {
  return one.toSorted().join('\n') === other.toSorted().join('\n');
}

/** The analysis as it is expected to be with that word. What it does to other points only the server can tell. */
export function withVerdict(analysis: Analysis, said: VerdictBody): Analysis {
  const { verdict, date, reason = null } = said;
  const verdictDate = verdict === null ? null : date;
  return withVerdictStates(
    analysis,
    affectedVerdicts(analysis, said).map(({ id }) => ({ id, verdict, reason, verdictDate })),
  );
}

/** Write verdicts on anomalies, and count them as the server does (domain/annotations.py). */
export function withVerdictStates(analysis: Analysis, said: readonly VerdictState[]): Analysis {
  if (said.length === 0) return analysis;
  const byId = new Map(said.map((one) => [one.id, one]));
  const anomalies = analysis.anomalies.map((anomaly) => ({ ...anomaly, ...byId.get(anomaly.id) }));
  const open = anomalies.filter((anomaly) => !isClosed(anomaly.verdict));
  const judged = anomalies.filter((anomaly) => anomaly.verdict !== null).length;
  const confirmed = anomalies.filter((anomaly) => anomaly.verdict === 'confirmed').length;
  const openSeverities = Object.fromEntries(
    SEVERITIES.map((severity) => [severity, open.filter((one) => one.severity === severity).length]),
  ) as Record<Severity, number>;
  return {
    ...analysis,
    anomalies,
    verdicts: {
      missed: analysis.verdicts?.missed ?? [],
      unmatched: analysis.verdicts?.unmatched ?? [],
      open: open.length,
      openSeverities,
      judged,
      confirmed,
      confirmedShare: judged > 0 ? confirmed / judged : null,
    },
  };
}
