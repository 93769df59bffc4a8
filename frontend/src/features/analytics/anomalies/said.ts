import type { Analysis, AnnotationBody, Severity } from '@/api/types';
import { SEVERITIES } from '@/components/SeverityMark';
import { isClosed } from '../words';

/** What was said of one time of one metric. */
export type Said = Pick<AnnotationBody, 'metric' | 'date' | 'verdict' | 'reason'>;

/**
 * An analysis with a verdict on one of its anomalies, counted as the server counts it (domain/annotations.py). What
 * the verdict does to other points only the server can tell.
 */
export function withSaid(analysis: Analysis, { metric, date, verdict, reason }: Said): Analysis {
  if (analysis.metric !== metric || !analysis.anomalies.some((anomaly) => anomaly.date === date)) {
    return analysis;
  }
  const anomalies = analysis.anomalies.map((anomaly) =>
    anomaly.date === date ? { ...anomaly, verdict, reason: reason ?? null } : anomaly,
  );
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

/** What is said of that anomaly now, to go back to; null if the analysis does not have it. */
export function saidNow(analysis: Analysis, { metric, date }: Pick<Said, 'metric' | 'date'>): Said | null {
  const anomaly = analysis.metric === metric && analysis.anomalies.find((one) => one.date === date);
  if (!anomaly) return null;
  const { reason } = anomaly;
  // The page offers four verdicts; whatever else it read it can also show again.
  return { metric, date, verdict: anomaly.verdict as Said['verdict'], reason };
}
