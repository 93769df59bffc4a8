import type { Layout, PlotData, Shape } from 'plotly.js';

/** What Plotly draws. */
export type Trace = Partial<PlotData>;
export type Figure = { data: Trace[]; layout: Partial<Layout> };
export type { Layout, Shape };
