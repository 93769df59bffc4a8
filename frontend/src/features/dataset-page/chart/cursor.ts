import { bisectCenter } from 'd3-array';

/** Where a key leads from one of `count` places; null for any other key. */
export function stepped(key: string, from: number, count: number): number | null {
  const page = Math.max(2, Math.round(count / 10));
  const moves: Record<string, number> = {
    ArrowRight: from + 1,
    ArrowUp: from + 1,
    ArrowLeft: from - 1,
    ArrowDown: from - 1,
    PageUp: from + page,
    PageDown: from - page,
    Home: 0,
    End: count - 1,
  };
  const to = moves[key];
  return to === undefined || count === 0 ? null : Math.min(Math.max(to, 0), count - 1);
}

/** The place of the time nearest to `at`; null without times. */
export function nearestPlace(times: readonly number[], at: number): number | null {
  return times.length === 0 ? null : bisectCenter(times, at);
}

export interface Mark {
  id: string;
  x: number;
  y: number;
}

const REACH_PX = 14; // about the size of a mark, so that a near miss still counts

/** The mark nearest to a place in the chart, if one is within reach. */
export function markAt(marks: readonly Mark[], x: number, y: number): Mark | null {
  let best: Mark | null = null;
  let least = REACH_PX;
  for (const mark of marks) {
    const distance = Math.hypot(mark.x - x, mark.y - y);
    if (distance <= least) {
      best = mark;
      least = distance;
    }
  }
  return best;
}
