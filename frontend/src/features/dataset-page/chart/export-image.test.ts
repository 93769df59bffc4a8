import { expect, test } from 'vitest';
import { composePicture } from './export-image';
import type { ThemeColours } from './useThemeColours';

const COLOURS = new Proxy({}, { get: (_, name) => `#${String(name)}` }) as ThemeColours;
const line = (name: string, ...x: string[]) => ({ type: 'scatter', name, x, y: x.map(() => 1) }) as const;

test('the legend of a saved picture names what the picture shows, and nothing else', () => {
  const drawn = composePicture(
    {
      figure: {
        data: [
          line('Lowest to highest', '2024-01-01', '2024-02-01'),
          line('high', '2024-01-20'),
          line('low', '2024-03-20'),
        ],
        layout: {
          xaxis: { range: ['2024-01-01T00:00:00', '2024-02-01T00:00:00'] },
          shapes: [{ fillcolor: '#weekend' }, { line: { dash: 'dot' } }],
        },
        colours: COLOURS,
      },
      title: 'Sales & <b>',
      subtitle: 'Daily total, UTC',
      analysis: { datasetName: 'Shop', version: 2, createdAt: '2026-01-02T03:04:00Z', metric: 'sales' },
    },
    '<svg/>',
    'data:font/woff2;base64,',
  );
  for (const entry of ['Average', 'Lowest to highest', 'High', 'Level change', 'Weekend'])
    expect(drawn).toContain(`>${entry}<`);
  for (const absent of ['>Low<', '>Actual<', '>Medium<']) expect(drawn).not.toContain(absent);
  expect(drawn).toContain('Sales &amp; &lt;b>');
  expect(drawn).toContain('Source: Shop, version 2.');
});
