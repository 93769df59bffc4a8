/** The basic bundle is Plotly with fewer kinds of traces: it has the types of the whole. */
declare module 'plotly.js-basic-dist-min' {
  export * from 'plotly.js';
}
