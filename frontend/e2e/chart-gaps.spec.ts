// Missing values as they are drawn: the expected range is one closed shape for each unbroken run.
import type { Page } from '@playwright/test';
import { expect, test } from './fixtures';
import { written } from './shop';

const DAYS = 60;

/** A column of days around 100 with empty cells on the given days. */
function withGaps(...empty: number[]): string {
  const rows = Array.from({ length: DAYS }, (_, day) => {
    const date = new Date(Date.UTC(2024, 0, 1 + day)).toISOString().slice(0, 10);
    const value = empty.includes(day) ? '' : (100 + ((day * 37) % 11)).toString();
    return `${date},${value},${200 + ((day * 29) % 13)}`;
  });
  return ['date,visits,orders', ...rows].join('\n');
}

interface Shape {
  left: number;
  right: number;
  height: number;
}

/** The closed shapes of the band as the browser draws them, from the path of Plotly's fill. */
function drawnShapes(page: Page, plot = 0): Promise<Shape[]> {
  return page.evaluate((index) => {
    const chart = document.querySelectorAll('.js-plotly-plot')[0];
    const path = chart?.querySelectorAll<SVGPathElement>('path.js-fill')[index];
    const parts = (path?.getAttribute('d') ?? '').split('M').filter(Boolean);
    return parts.map((part) => {
      const points = [...part.matchAll(/(-?[\d.]+),(-?[\d.]+)/g)].map((match) => [
        Number(match[1]),
        Number(match[2]),
      ]);
      const [xs, ys] = [points.map(([x]) => x ?? 0), points.map(([, y]) => y ?? 0)];
      return {
        left: Math.min(...xs),
        right: Math.max(...xs),
        height: Math.max(...ys) - Math.min(...ys),
      };
    });
  }, plot);
}

async function shapesOf(page: Page, id: string, search = ''): Promise<Shape[]> {
  await page.goto(`/datasets/${id}${search}`);
  await expect.poll(async () => (await drawnShapes(page)).length).toBeGreaterThan(0);
  return drawnShapes(page);
}

function expectApart(shapes: Shape[], count: number): void {
  expect(shapes).toHaveLength(count);
  for (const [index, shape] of shapes.entries()) {
    expect(shape.right - shape.left, 'has an area').toBeGreaterThan(0.5);
    expect(shape.height).toBeGreaterThan(5);
    const next = shapes[index + 1];
    if (next) expect(next.left, 'nothing is drawn across the gap').toBeGreaterThan(shape.right);
  }
}

test('one gap parts the expected range, in the stacked view too', async ({ user }, testInfo) => {
  const id = await user.has(await written(testInfo.outputPath('one-gap.csv'), withGaps(30)));
  expectApart(await shapesOf(user.page, id), 2);
  expectApart(await shapesOf(user.page, id, '?compare=visits&compare=orders'), 2);
});

test('gaps at both ends leave one shape', async ({ user }, testInfo) => {
  const path = testInfo.outputPath('ends.csv');
  const id = await user.has(await written(path, withGaps(0, 1, 2, 57, 58, 59)));
  expectApart(await shapesOf(user.page, id), 1);
});

test('a single point between two gaps has its own shape', async ({ user }, testInfo) => {
  const path = testInfo.outputPath('single.csv');
  const id = await user.has(await written(path, withGaps(20, 21, 23, 24)));
  expectApart(await shapesOf(user.page, id), 3);
});
