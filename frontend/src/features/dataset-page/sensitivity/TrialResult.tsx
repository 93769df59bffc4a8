import { ErrorState } from '@/components/ErrorState';
import { counted, formatCount } from '@/components/format';
import { Changes } from './Changes';
import { combinedCurve, countFlagged, type ShownAnalysis } from './draft-settings';
import styles from './SensitivityDrawer.module.css';
import { atSensitivity, differenceLabel } from './sensitivity-curve';
import type { SensitivityDraft } from './useSensitivityDraft';

interface TrialResultProps {
  draft: SensitivityDraft;
  shown: readonly ShownAnalysis[];
}

/** How many anomalies the settings find, and which come and go; an estimate from the curve until that is computed. */
export function TrialResult({ draft, shown }: TrialResultProps) {
  const { exact, isChanged, trial } = draft;
  const analyses = shown.map(({ analysis }) => analysis);
  const now = countFlagged(analyses);
  const near = atSensitivity(
    combinedCurve(analyses.map(({ sensitivityCurve }) => sensitivityCurve)),
    draft.shown.sensitivity,
  );
  const estimate = near ? { events: near.events, points: near.flaggedPoints } : now;
  const then = exact ? countFlagged(exact) : isChanged ? estimate : now;
  const points = analyses.reduce((sum, { summary }) => sum + summary.count, 0);
  return (
    <div aria-live="polite" className={styles.answer}>
      {isChanged && trial.error !== null ? (
        <ErrorState title="These settings could not be tried" error={trial.error} onRetry={trial.retry} />
      ) : (
        <>
          <p className={styles.flags}>
            <strong>{counted(then.events, 'anomaly', 'anomalies')}</strong>
            {isChanged && `, ${differenceLabel(then.events, now.events)}`}
          </p>
          <p className={styles.events}>
            {isChanged && !exact && 'About '}
            {formatCount(then.points)} of {counted(points, 'point')}
            {shown.length > 1 && ` in ${shown.length} metrics`}
          </p>
        </>
      )}
      {exact && <Changes shown={shown} then={exact.map(({ anomalies }) => anomalies)} />}
    </div>
  );
}
