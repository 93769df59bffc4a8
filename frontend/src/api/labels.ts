import { capital } from '@/components/format';
import { client } from './client';
import type { Kind, Labels } from './types';

/** The codes that have labels. */
export type LabelGroup = Exclude<keyof Labels, 'sustainedDrop' | 'fields'>;

let served: Labels | null = null;
let asking: Promise<void> | null = null;

/**
 * Ask for the labels once. Whatever brings codes to the page waits for this, so that a name never changes before the
 * eyes; if the labels do not come, the codes themselves are shown and the next answer asks again.
 */
export function loadLabels(): Promise<void> {
  asking ??= client.get<Labels>('/labels').then(
    ({ data }) => setLabels(data),
    () => {
      asking = null;
    },
  );
  return asking;
}

export function setLabels(labels: Labels): void {
  served = labels;
}

/** The name of a code as the server, its reports and the command line have it. */
export function labelOf(group: LabelGroup, code: string): string {
  return served?.[group][code] ?? spelled(code);
}

/** What an anomaly looks like; a burst may go either way. */
export function kindLabel({ kind, direction }: { kind: Kind; direction: 'up' | 'down' }): string {
  if (served && kind === 'burst' && direction === 'down') return served.sustainedDrop;
  return labelOf('kinds', kind);
}

/** level_shift: Level shift. */
function spelled(code: string): string {
  return capital(code.replaceAll(/[_-]/g, ' '));
}
