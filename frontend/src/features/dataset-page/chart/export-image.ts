import fontUrl from '@fontsource-variable/inter/files/inter-latin-wght-normal.woff2?url';
import type { Layout } from 'plotly.js';
import { save } from '@/api/download';
import { labelOf } from '@/api/labels';
import type { Analysis } from '@/api/types';
import { formatInstant, wallTime } from '@/components/format';
import { SEVERITIES } from '@/components/SeverityMark';
import { FONT } from './axis';
import { ENVELOPE } from './envelope';
import type { Trace } from './figure';
import { loadPlotly } from './plotly';
import { SYMBOLS } from './traces';
import type { ThemeColours } from './useThemeColours';

// In pixels of the saved picture: a slide's width.
const WIDTH = 1200;
const PLOT_HEIGHT = 480;
const HEAD = 92;
const FOOT = 40;
const EDGE = 24;
const PNG_SCALE = 2;

interface Picture {
  figure: { data: Trace[]; layout: Partial<Layout>; colours: ThemeColours };
  title: string;
  subtitle: string;
  analysis: Pick<Analysis, 'datasetName' | 'version' | 'createdAt' | 'metric'>;
}

/** Save a chart as a picture that stands on its own: with its title, legend and source, in the page's font. */
export async function saveChart(picture: Picture, format: 'png' | 'svg'): Promise<void> {
  const { datasetName, metric } = picture.analysis;
  const [plot, font] = await Promise.all([drawPlot(picture), loadFont()]);
  const blob = new Blob([composePicture(picture, plot, font)], { type: 'image/svg+xml' });
  save(format === 'svg' ? blob : await asPng(blob), `${datasetName}-${metric}.${format}`);
}

/** The plot alone, as SVG. */
async function drawPlot({ figure }: Picture): Promise<string> {
  const plotly = await loadPlotly();
  const layout = { ...figure.layout, width: WIDTH, height: PLOT_HEIGHT };
  const url = await plotly.toImage(
    { data: figure.data, layout },
    { format: 'svg', width: WIDTH, height: PLOT_HEIGHT },
  );
  return decodeURIComponent(url.replace(/^data:image\/svg\+xml,/, ''));
}

/** The page's font as a data URL; a picture must not depend on what is installed where it is opened. */
async function loadFont(): Promise<string> {
  const bytes = new Uint8Array(await (await fetch(fontUrl)).arrayBuffer());
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return `data:font/woff2;base64,${btoa(binary)}`;
}

export function composePicture(picture: Picture, plot: string, font: string): string {
  const { title, subtitle, analysis, figure } = picture;
  const { colours } = figure;
  const height = HEAD + PLOT_HEIGHT + FOOT;
  const source = `Source: ${analysis.datasetName}, version ${analysis.version}. Driftline, ${formatInstant(analysis.createdAt)}`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}">`,
    `<style>@font-face{font-family:'Inter Variable';src:url(${font}) format('woff2');font-weight:100 900}text{font-family:${FONT}}</style>`,
    `<rect width="100%" height="100%" fill="${colours.surface}"/>`,
    text(EDGE, 34, title, colours.ink, 'font-size="20" font-weight="650"'),
    text(EDGE, 56, subtitle, colours['ink-muted'], 'font-size="13"'),
    legend(figure, colours),
    `<g transform="translate(0,${HEAD})">${plot}</g>`,
    text(EDGE, height - 16, source, colours['ink-muted'], 'font-size="12"'),
    '</svg>',
  ].join('');
}

function text(x: number, y: number, content: string, fill: string, more: string): string {
  return `<text x="${x}" y="${y}" fill="${fill}" ${more}>${escaped(content)}</text>`;
}

function escaped(content: string): string {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}

const CHARACTER_PX = 6.8; // of the legend's text at 13 px, on average
const MARKS: Record<string, string> = {
  diamond: 'M6 0 12 6 6 12 0 6z',
  'triangle-up': 'M6 1 12 11H0z',
  circle: 'M6 1.4A4.6 4.6 0 1 1 6 10.6 4.6 4.6 0 1 1 6 1.4z',
};

/** What is drawn, in one line: only what the picture has. */
function legend({ data, layout }: Picture['figure'], colours: ThemeColours): string {
  const has = (name: string) => data.some((trace) => trace.name === name && isInView(trace, layout));
  const line = (colour: string, dash = '') =>
    `<path d="M0 6H16" stroke="${colour}" stroke-width="2" ${dash} fill="none"/>`;
  const entries: { mark: string; label: string }[] = [
    { mark: line(colours.accent), label: has(ENVELOPE) ? 'Average' : 'Actual' },
  ];
  if (has(ENVELOPE))
    entries.push({
      mark: `<rect width="16" height="12" rx="2" fill="${colours.accent}" fill-opacity="0.3"/>`,
      label: ENVELOPE,
    });
  if (has('Expected range'))
    entries.push({
      mark: `<rect width="16" height="12" rx="2" fill="${colours.band}"/>`,
      label: 'Expected range',
    });
  if (has('Rolling average'))
    entries.push({ mark: line(colours.rolling, 'stroke-dasharray="5 3"'), label: 'Rolling average' });
  for (const severity of SEVERITIES) {
    if (!has(severity)) continue;
    const mark = `<path d="${MARKS[SYMBOLS[severity]] ?? ''}" fill="${colours[severity]}"/>`;
    entries.push({ mark, label: labelOf('severities', severity) });
  }
  const shapes = layout.shapes ?? [];
  if (shapes.some(({ line: edge }) => edge?.dash === 'dot'))
    entries.push({ mark: line(colours['ink-muted'], 'stroke-dasharray="2 2"'), label: 'Level change' });
  if (shapes.some(({ fillcolor }) => fillcolor === colours.weekend))
    entries.push({
      mark: `<rect width="16" height="12" fill="${colours.weekend}" stroke="${colours.line}"/>`,
      label: 'Weekend',
    });
  let x = EDGE;
  return entries
    .map(({ mark, label }) => {
      const at = x;
      x += 22 + label.length * CHARACTER_PX + 20;
      return `<g transform="translate(${at},68)">${mark}</g>${text(at + 22, 79, label, colours['ink-muted'], 'font-size="13"')}`;
    })
    .join('');
}

/** Whether any of it lies in the drawn time range. */
function isInView({ x = [] }: Trace, { xaxis }: Picture['figure']['layout']): boolean {
  const [from, to] = (xaxis?.range ?? []).map((text) => wallTime(String(text)));
  if (from === undefined || to === undefined) return true;
  const times = [...(x as Iterable<unknown>)].map((text) => wallTime(String(text)));
  return times.some((at) => at >= from && at <= to);
}

async function asPng(svg: Blob): Promise<Blob> {
  const url = URL.createObjectURL(svg);
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const canvas = document.createElement('canvas');
    canvas.width = image.naturalWidth * PNG_SCALE;
    canvas.height = image.naturalHeight * PNG_SCALE;
    canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise<Blob>((resolve, reject) =>
      canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('The picture could not be made.')))),
    );
  } finally {
    URL.revokeObjectURL(url);
  }
}
