import { labelOf } from '@/api/labels';
import type { Analysis } from '@/api/types';
import { capital, counted, formatTime, type NumberFormat } from '@/components/format';
import { cadenceLabel, periodLabel, transformLabel } from '../labels';
import styles from './AboutCard.module.css';
import { isTooShort } from './AnomalyTile';

interface ProfileFactsProps {
  analysis: Analysis;
  numbers: NumberFormat;
}

/** What we assumed about the series: interval, seasonality, scale, threshold, level changes. */
export function ProfileFacts({ analysis, numbers }: ProfileFactsProps) {
  const { settings, profile } = analysis;
  return (
    <dl className={styles.facts}>
      <Fact
        term="Points"
        value={`${labelOf('granularities', settings.granularity)}, ${labelOf('aggregates', settings.aggregate).toLowerCase()}`}
        note={`${settings.granularityReason} ${settings.aggregateReason}`}
      />
      <Fact
        term="Interval"
        value={cadenceLabel(profile.cadenceSeconds)}
        note={profile.regular ? 'Regular' : 'Irregular: neighbours are found by time, not by position'}
      />
      <Fact
        term="Seasonality"
        value={seasons(analysis)}
        note={
          profile.periods.length > 0
            ? 'Each value is compared with the same phase of the pattern'
            : 'No repeating pattern was found'
        }
      />
      {settings.granularity === 'day' && (
        <Fact
          term="Public holidays"
          value={settings.country ?? 'None'}
          note={`${settings.countryReason}${ownEvents(analysis)}`}
        />
      )}
      <Fact term="Scale" value={transformLabel(profile.transform)} note={severityBasis(analysis)} />
      {!isTooShort(analysis) && (
        <Fact
          term="Threshold"
          value={`${profile.threshold.toFixed(1)} times the usual variation`}
          note={`${lowerNote(analysis)}The usual variation is about ${numbers.full(profile.scale)}`}
        />
      )}
      {profile.levelShifts.map((shift) => (
        <Fact
          key={shift.date}
          term="Level change"
          value={`${numbers.change(shift.change)} on ${formatTime(shift.date)}`}
          note={`From ${numbers.range(shift.before, shift.after)}`}
        />
      ))}
    </dl>
  );
}

function Fact({ term, value, note }: { term: string; value: string; note: string }) {
  return (
    <div>
      <dt>{term}</dt>
      <dd>
        {value}
        <span>{note}</span>
      </dd>
    </div>
  );
}

function seasons({ profile }: Analysis): string {
  if (profile.periods.length === 0) return 'None';
  const labels = profile.periods.map((points) => periodLabel(points, profile.cadenceSeconds)).join(' and ');
  return capital(labels);
}

function ownEvents({ settings }: Analysis): string {
  return settings.events.length > 0 ? ` With ${counted(settings.events.length, 'own event')}` : '';
}

function severityBasis({ profile }: Analysis): string {
  return profile.ratioScale
    ? 'Severity depends on how many times the expected value a value is'
    : 'Severity depends on how far beyond the threshold a value is';
}

function lowerNote({ profile }: Analysis): string {
  const { threshold, thresholdLower } = profile;
  return Math.abs(threshold - thresholdLower) < 0.05 ? '' : `${thresholdLower.toFixed(1)} for drops. `;
}
