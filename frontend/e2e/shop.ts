// A shop's visits by day, with a column that tells what happened: what is abnormal in it is planted.
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

export interface Planted {
  visits: number;
  event?: string;
}

const DAY_MS = 86_400_000;
const NOISE = 48_271; // Lehmer's generator (Park and Miller): the same numbers everywhere
const NOISE_MODULUS = 2_147_483_647;

export const SALE = '2024-01-21';
export const OUTAGE = '2024-02-11';
export const CROWD = '2024-03-03';
export const NEW_LEVEL = '2024-03-21';

export const EVENTS: Readonly<Record<string, Planted>> = {
  [SALE]: { visits: 2_900, event: 'flash sale' },
  [OUTAGE]: { visits: 150, event: 'system outage' },
  [CROWD]: { visits: 2_300 },
};

/** Days from 1 January 2024 on: a week's rhythm around 1,000, from 21 March on around 1,900. */
export function shop(days: number, events: Readonly<Record<string, Planted>> = EVENTS, from = 0): string {
  let seed = 7;
  const rows = Array.from({ length: days }, (_, day) => {
    seed = (seed * NOISE) % NOISE_MODULUS;
    const date = new Date(Date.UTC(2024, 0, 1) + day * DAY_MS).toISOString().slice(0, 10);
    const noise = (80 * seed) / NOISE_MODULUS - 40;
    const level = date < NEW_LEVEL ? 1_000 : 1_900;
    const usual = Math.round(level + 120 * Math.sin((day * 2 * Math.PI) / 7) + noise);
    const { visits = usual, event = '' } = events[date] ?? {};
    return `${date},${visits},${Math.round(usual / 20)},${event}`;
  });
  return ['date,visits,orders,event', ...rows.slice(from)].join('\n');
}

/** A file of it for `User.has`. */
export async function written(path: string, text: string): Promise<string> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
  return path;
}
