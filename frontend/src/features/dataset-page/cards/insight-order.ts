import {
  IconAlertTriangle,
  IconArrowDownRight,
  IconArrowUpRight,
  IconBulb,
  IconCircleCheck,
  IconClock,
  IconWaveSine,
} from '@tabler/icons-react';
import type { Insight } from '@/api/types';

export type Tone = 'info' | 'alarm' | 'warm' | 'calm';

interface Look {
  tone: Tone;
  Icon: typeof IconBulb;
}

const LOOKS: Record<string, Look> = {
  largest_anomaly: { tone: 'alarm', Icon: IconAlertTriangle },
  anomaly_count: { tone: 'alarm', Icon: IconAlertTriangle },
  no_anomalies: { tone: 'calm', Icon: IconCircleCheck },
  complete: { tone: 'calm', Icon: IconCircleCheck },
  stable: { tone: 'calm', Icon: IconCircleCheck },
  season_weekday: { tone: 'info', Icon: IconWaveSine },
  season_month: { tone: 'info', Icon: IconWaveSine },
  season_hour: { tone: 'info', Icon: IconWaveSine },
  concentration: { tone: 'warm', Icon: IconClock },
  recurrent: { tone: 'warm', Icon: IconClock },
  incomplete_last_bucket: { tone: 'warm', Icon: IconClock },
  gaps: { tone: 'warm', Icon: IconAlertTriangle },
  rejected_rows: { tone: 'warm', Icon: IconAlertTriangle },
  empty_cells: { tone: 'warm', Icon: IconAlertTriangle },
  duplicates: { tone: 'warm', Icon: IconAlertTriangle },
  flatline: { tone: 'warm', Icon: IconAlertTriangle },
};

/** Icon and colour by the insight's code; a change points to where the series went. */
export function lookOf({ code, evidence }: Insight): Look {
  if (code === 'trend' || code === 'level_shift') {
    const isDown = Number(evidence.figures.change ?? 1) < 0;
    return { tone: 'info', Icon: isDown ? IconArrowDownRight : IconArrowUpRight };
  }
  return LOOKS[code] ?? { tone: 'info', Icon: IconBulb };
}

const ABOUT_ANOMALIES = new Set([
  'largest_anomaly',
  'anomaly_count',
  'no_anomalies',
  'concentration',
  'recurrent',
]);

/** The insights as the server ranked them, but those about anomalies before all others. */
export function anomaliesFirst(insights: readonly Insight[]): Insight[] {
  const isAboutAnomalies = ({ code }: Insight) => Number(ABOUT_ANOMALIES.has(code));
  return insights.toSorted((one, other) => isAboutAnomalies(other) - isAboutAnomalies(one));
}
