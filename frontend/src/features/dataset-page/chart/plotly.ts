type Plotly = typeof import('plotly.js-basic-dist-min');

const RETRY_MS = [500, 2_000]; // a network that has just changed is there again after a moment

let loading: Promise<Plotly> | null = null;
let loaded: Plotly | null = null;

/** Half a megabyte that every chart needs: fetched with the page, not with its first chart. */
export function loadPlotly(): Promise<Plotly> {
  loading ??= fetchPlotly(0).catch((error: unknown) => {
    loading = null; // a lost connection must not spoil the next try
    throw error;
  });
  return loading;
}

/** Plotly, if it is loaded already: then a chart is drawn in the same step in which its place is made. */
export function loadedPlotly(): Plotly | null {
  return loaded;
}

async function fetchPlotly(tries: number): Promise<Plotly> {
  try {
    loaded = await import('plotly.js-basic-dist-min');
    return loaded;
  } catch (error) {
    const pause = RETRY_MS[tries];
    if (pause === undefined) throw error;
    await new Promise((wake) => setTimeout(wake, pause));
    return fetchPlotly(tries + 1);
  }
}
