/** The partial bundle brings no types; these are the parts that we use. */
declare module 'plotly.js-basic-dist-min' {
  export interface PlotElement extends HTMLElement {
    on(event: string, handler: (event: PlotEvent) => unknown): void;
  }
  export interface PlotEvent {
    points?: { curveNumber: number; pointNumber: number; x: unknown; y: unknown; data: { name?: string } }[];
    [change: string]: unknown;
  }
  export type Part = Record<string, unknown>;
  export function react(element: HTMLElement, data: Part[], layout: Part, config: Part): Promise<PlotElement>;
  export function purge(element: HTMLElement): void;
  export function downloadImage(
    element: HTMLElement,
    options: { format: 'png' | 'svg'; width: number; height: number; filename: string; scale?: number },
  ): Promise<string>;
  export const Plots: { resize(element: HTMLElement): Promise<void> };
}
