import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { listen } from './events';
import { queryKeys } from './query-keys';
import type { Progress, Status } from './types';

const AGAIN_MS = 2_000; // between two tries to listen, and between two looks where streams are cut off
const SETTLED: ReadonlySet<Status> = new Set(['processed', 'cached', 'failed']);

export function isSettled(status: Status): boolean {
  return SETTLED.has(status);
}

/**
 * The live progress of a dataset while `active`. What it brings is also written into the lists, so that every
 * status chip on the page moves; when the processing ends, everything about the dataset is read again. A `version`
 * may still be on its way to the store; without one it is the newest.
 */
export function useProgress(
  datasetId: string,
  active: boolean,
  version: number | null = null,
): Progress | null {
  const queries = useQueryClient();
  const [progress, setProgress] = useState<Progress | null>(null);

  useEffect(() => {
    if (!active) return;
    setProgress(null);
    const stop = new AbortController();
    const path = `/datasets/${datasetId}/events${version === null ? '' : `?version=${version}`}`;
    const refresh = () => {
      void queries.invalidateQueries({ queryKey: queryKeys.datasets.all });
      void queries.invalidateQueries({ queryKey: queryKeys.analytics.of(datasetId) });
    };
    const heard = (data: string) => {
      const news = parse(data);
      if (!news) return;
      setProgress(news);
      if (isSettled(news.status)) refresh();
    };
    const follow = async () => {
      while (!stop.signal.aborted) {
        await listen(path, heard, stop.signal).catch(() => undefined);
        if (stop.signal.aborted) return;
        // The stream ended or broke: ask for the state, then listen again as long as the caller wants to know.
        refresh();
        await pause(AGAIN_MS, stop.signal);
      }
    };
    void follow();
    return () => stop.abort();
  }, [active, datasetId, version, queries]);

  return active ? progress : null;
}

function parse(data: string): Progress | null {
  try {
    const value: unknown = JSON.parse(data);
    return typeof value === 'object' && value !== null && 'status' in value ? (value as Progress) : null;
  } catch {
    return null;
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
