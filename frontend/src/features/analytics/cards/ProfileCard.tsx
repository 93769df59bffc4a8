import type { Analysis } from '@/api/types';
import { Card } from '@/components/Card';
import { formatCount, formatSpan, formatTime, type NumberWords, typeset } from '@/components/format';
import { AGGREGATE_WORDS, cadenceWords, GRANULARITY_WORDS, periodWords, transformWords } from '../words';
import styles from './ProfileCard.module.css';

interface ProfileCardProps {
  analysis: Analysis;
  words: NumberWords;
}

/** What the series was taken for: the assumptions behind every judgement on this page. */
export function ProfileCard({ analysis, words }: ProfileCardProps) {
  const { settings, profile } = analysis;
  return (
    <Card
      title="What the series was taken for"
      subtitle="The assumptions behind every judgement on this page"
    >
      <dl className={styles.facts}>
        <Fact
          term="Points"
          value={`${GRANULARITY_WORDS[settings.granularity]}, ${AGGREGATE_WORDS[settings.aggregate].toLowerCase()}`}
          note={`${settings.granularityReason} ${settings.aggregateReason}`}
        />
        <Fact
          term="Cadence"
          value={cadenceWords(profile.cadenceSeconds)}
          note={
            profile.regular ? 'Regular' : 'Irregular: gaps and neighbours are judged by time, not by count'
          }
        />
        <Fact
          term="Season"
          value={seasons(analysis)}
          note={
            profile.periods.length > 0
              ? 'Each point is compared with its own phase'
              : 'No repeating pattern was proven'
          }
        />
        <Fact term="Judged" value={capital(transformWords(profile.transform))} note={effect(analysis)} />
        <Fact
          term="Threshold"
          value={`${profile.threshold.toFixed(1)} robust deviations`}
          note={`${lowerNote(analysis)}One deviation is about ${words.full(profile.scale)}`}
        />
        {profile.levelShifts.map((shift) => (
          <Fact
            key={shift.date}
            term="Level change"
            value={`${words.change(shift.change)} on ${formatTime(shift.date)}`}
            note={`From ${words.range(shift.before, shift.after)}`}
          />
        ))}
      </dl>
    </Card>
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
  return capital(profile.periods.map((points) => periodWords(points, profile.cadenceSeconds)).join(' and '));
}

function effect({ profile }: Analysis): string {
  return profile.ratioScale
    ? 'Severity is how many times the expected value a reading is'
    : 'Severity is how far beyond the threshold a reading lies';
}

function lowerNote({ profile }: Analysis): string {
  const { threshold, thresholdLower } = profile;
  return Math.abs(threshold - thresholdLower) < 0.05 ? '' : `${thresholdLower.toFixed(1)} downwards. `;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Weaknesses of the data. They are never counted as anomalies. */
export function QualityNotes({ analysis, known }: { analysis: Analysis; known: readonly string[] }) {
  const { summary } = analysis;
  // What the report on the file says stands there, once.
  const quality = analysis.quality.filter(({ text }) => !known.includes(text));
  if (quality.length === 0) return null;
  return (
    <Card title="Notes on the data" subtitle="Weaknesses of the data itself; none is counted as an anomaly">
      <ul className={styles.notes}>
        {quality.map(({ code, text, start, end }) => (
          <li key={`${code} ${start} ${text}`}>
            {typeset(text, analysis.unit)}
            {start && end && <span> {formatSpan(start, end)}</span>}
          </li>
        ))}
      </ul>
      <p className={styles.rows}>
        {formatCount(summary.rows)} rows stand behind {formatCount(summary.count)} points
        {summary.missing > 0 ? `; ${formatCount(summary.missing)} points are missing` : ''}.
      </p>
    </Card>
  );
}
