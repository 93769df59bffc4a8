/**
 * The first thing that runs, a script of its own of some two kilobytes: it sends the first requests of the page that
 * the address names, and asks for that page's code, while the rest is still being fetched and read.
 */
import { prefetch } from '@/api/prefetch';
import { oneTabAtATime, sessionHint } from '@/api/session';
import type { AccessToken } from '@/api/types';
import { loadPlotly } from '@/features/dataset-page/chart/plotly';
import { analysisParams, readView } from '@/features/dataset-page/view';

const DATASET = /^\/datasets\/([^/]+)\/?$/;

function begin({ pathname, search }: Location): void {
  const [, dataset] = DATASET.exec(pathname) ?? [];
  // As the gates ask (gates.tsx): strangers on a page for guests cost no request.
  const hint = sessionHint();
  if (hint === 'yes' || (hint === 'unknown' && dataset)) {
    const token = askForSession();
    if (dataset) askForDataset(dataset, new URLSearchParams(search), token);
  }
  if (dataset) fetchCode();
}

/**
 * Not after the other tabs: the lock is ours when the page is drawn already, and a token that two of them use at the
 * same moment ends no session (domain/accounts/account.py, REUSE_GRACE). Those who come now do wait for this answer.
 */
async function askForSession(): Promise<string> {
  const session = prefetch('POST', '/api/auth/refresh');
  void oneTabAtATime(() => session).catch(() => undefined);
  const { ok, body } = await session;
  if (!ok) throw new Error('no user is signed in');
  return (JSON.parse(body) as AccessToken).accessToken;
}

function askForDataset(id: string, search: URLSearchParams, token: Promise<string>): void {
  const view = readView(search);
  const metrics = view.compared.length > 0 ? view.compared : [view.metric];
  prefetch('GET', '/api/labels');
  prefetch('GET', `/api/datasets/${id}`, token);
  for (const metric of metrics) {
    const params = Object.entries(analysisParams({ ...view, metric }));
    const query = new URLSearchParams(
      params.flatMap(([name, value]) => [value].flat().map((one) => [name, String(one)])),
    );
    prefetch('GET', `/api/analytics/${id}?${query}`, token);
  }
  prefetch('GET', `/api/datasets/${id}/versions`, token);
}

/** What the router and the charts will import: by then it is there. */
function fetchCode(): void {
  const code = [loadPlotly(), import('@/app/shell/Shell'), import('@/features/dataset-page/DatasetPage')];
  for (const part of code) part.catch(() => undefined);
}

begin(window.location);
