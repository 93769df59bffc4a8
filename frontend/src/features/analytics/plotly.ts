type Plotly = typeof import('plotly.js-basic-dist-min');

const RETRY_MS = [500, 2_000]; // a network that has just changed is there again after a moment

let loading: Promise<Plotly> | null = null;
let atHand: Plotly | null = null;

/** Half a megabyte that every chart needs: asked for with the page, not with its first chart. */
export function loadPlotly(): Promise<Plotly> {
  loading ??= fetchPlotly(0).catch((error: unknown) => {
    loading = null; // a lost connection must not spoil the next try
    throw error;
  });
  return loading;
}

/** Plotly, if it is there already: then a chart is drawn in the same step in which its place is made. */
export function plotlyAtHand(): Plotly | null {
  return atHand;
}

async function fetchPlotly(tries: number): Promise<Plotly> {
  try {
    atHand = await import('plotly.js-basic-dist-min');
    return atHand;
  } catch (error) {
    const pause = RETRY_MS[tries];
    if (pause === undefined) throw error;
    await new Promise((wake) => setTimeout(wake, pause));
    return fetchPlotly(tries + 1);
  }
}
