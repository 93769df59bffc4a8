// The dataset page: what is selected, zoomed and set is one state, kept in the address.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, SALES, SCREENSHOTS, test, type User } from './fixtures';

async function open(user: User, search = ''): Promise<Page> {
  const id = await user.has(SALES);
  await user.page.goto(`/datasets/${id}${search}`);
  await expect(anomalies(user.page)).toHaveCount(3);
  return user.page;
}

const anomalies = (page: Page) =>
  page.getByRole('table', { name: 'Anomalies' }).locator('tbody').getByRole('row');

test('J and K step through the anomalies, Escape clears, and the address follows', async ({ user }) => {
  const page = await open(user);
  await page.keyboard.press('j');
  await expect(page.getByRole('heading', { name: 'High: spike' })).toBeVisible();
  await expect(page.getByText('Anomaly 1 of 3')).toBeVisible();
  await expect(page).toHaveURL(/anomaly=/);
  // In the table's order: most severe first.
  await page.keyboard.press('j');
  await expect(page.getByRole('heading', { name: 'High: dip' })).toBeVisible();
  await page.keyboard.press('k');
  await expect(page.getByRole('heading', { name: 'High: spike' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('heading', { name: 'What stands out' })).toBeVisible();
  await expect(page).not.toHaveURL(/anomaly=/);
});

test('an explanation opens from the table by keyboard and survives a reload', async ({ user }) => {
  const page = await open(user);
  const explain = page.getByRole('button', { name: 'Explain the anomaly of 27 Jan 2024' });
  await explain.focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'High: dip' })).toBeVisible();
  await expect(explain).toHaveAttribute('aria-pressed', 'true');
  await page.reload();
  await expect(page.getByRole('heading', { name: 'High: dip' })).toBeVisible();
});

test('zooming by the menu is kept in the address and undone by showing all', async ({ user }) => {
  const page = await open(user);
  await zoomIn(page);
  await expect(page).toHaveURL(/from=2024-01-.*to=2024-01-/);
  await page.reload();
  await expect(page.getByRole('button', { name: 'Show all', exact: true })).toBeEnabled();
  await page.getByRole('button', { name: 'Show all', exact: true }).click();
  await expect(page).not.toHaveURL(/from=/);
});

test('a zoom into a long series fetches denser points of that stretch', async ({ user }, testInfo) => {
  const path = testInfo.outputPath('minutes.csv');
  const rows = Array.from({ length: 6_000 }, (_, minute) => {
    const at = new Date(Date.UTC(2024, 0, 1) + minute * 60_000).toISOString().slice(0, 19);
    return `${at},${(20 + 5 * Math.sin(minute / 200) + ((minute * 7919) % 13) / 10).toFixed(2)}`;
  });
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `time,temperature_c\n${rows.join('\n')}\n`);
  const id = await user.has(path);
  const { page } = user;
  await page.goto(`/datasets/${id}`);
  await expect(page.getByText(/of 6,000 .* shown/)).toBeVisible();
  const denser = page.waitForResponse((answer) =>
    /\/series\?.*from=2024-01-.*to=2024-01-/.test(answer.url()),
  );
  await zoomIn(page);
  const { time } = await (await denser).json();
  expect(time.length).toBeGreaterThan(1_000);
  await expect(page.getByRole('heading', { name: 'Temperature over time' })).toBeVisible();
  await expect(page.getByRole('combobox', { name: 'Metric' })).toHaveValue('Temperature (°C)');
});

test('dragging on the overview zooms the chart', async ({ user }) => {
  const page = await open(user);
  const strip = page.getByTestId('overview').locator('.overlay');
  await zoomIn(page);
  await expect(page).toHaveURL(/from=/);
  const before = page.url();
  await strip.scrollIntoViewIfNeeded();
  const box = await strip.boundingBox();
  if (!box) throw new Error('the overview is not drawn');
  await page.mouse.move(box.x + box.width * 0.02, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.2, box.y + box.height / 2, { steps: 5 });
  await page.mouse.up();
  await expect(page).toHaveURL(/from=2024-01-01/);
  expect(page.url()).not.toBe(before);
});

test('a severity shows its own anomalies only', async ({ user }) => {
  const page = await open(user);
  await page.getByRole('button', { name: '1 medium' }).click();
  await expect(anomalies(page)).toHaveCount(1);
  await expect(page).toHaveURL(/severity=medium/);
});

test('the sensitivity is tried out before it is applied', async ({ user }) => {
  const page = await open(user);
  await page.getByRole('button', { name: 'Sensitivity' }).click();
  const drawer = page.getByRole('dialog', { name: 'Sensitivity' });
  await expect(drawer).toContainText('3 of 7 points');
  await drawer.getByText('Drops').click();
  await expect(drawer).toContainText('1 anomaly, 2 fewer than now');
  await drawer.getByRole('button', { name: 'Apply' }).click();
  await expect(anomalies(page)).toHaveCount(1);
  await expect(page).toHaveURL(/direction=down/);
  await page.getByRole('button', { name: 'Reset' }).click();
  await expect(anomalies(page)).toHaveCount(3);
});

test('holidays of a country and events of a file are chosen, explain days and stay in the address', async ({
  user,
}, testInfo) => {
  const path = testInfo.outputPath('events.ics');
  const event = 'BEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20240103\r\nSUMMARY:Flash sale\r\nEND:VEVENT';
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `BEGIN:VCALENDAR\r\n${event}\r\nEND:VCALENDAR\r\n`);
  const page = await open(user);
  await page.getByRole('button', { name: 'Holidays and events' }).click();
  const dialog = page.getByRole('dialog', { name: 'Holidays and events' });
  const country = dialog.getByRole('combobox', { name: 'Public holidays of' });
  await country.fill('Germ');
  await page.getByRole('option', { name: 'Germany' }).click();
  const chooser = page.waitForEvent('filechooser');
  await dialog.getByRole('button', { name: 'Import .ics' }).click();
  await (await chooser).setFiles(path);
  await expect(dialog.getByRole('textbox', { name: 'Own events' })).toHaveValue('2024-01-03 Flash sale');
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  await dialog.getByRole('button', { name: 'Apply' }).click();
  await expect(page).toHaveURL(/country=DE/);
  await expect(page.getByText('Custom settings: public holidays of DE, 1 own event.')).toBeVisible();
  await page.reload();
  await page.getByRole('button', { name: 'Explain the anomaly of 3 Jan 2024' }).click();
  await expect(page.getByText('The calendar has "Flash sale" on this day')).toBeVisible();
  await page.getByRole('button', { name: 'Reset' }).click();
  await expect(page).not.toHaveURL(/country=|events=/);
});

test('every chart can be read as a table', async ({ user }) => {
  const page = await open(user);
  await page.getByRole('button', { name: 'Chart menu' }).click();
  await page.getByRole('menuitem', { name: 'Show as table' }).click();
  await expect(page.getByRole('region', { name: 'Revenue over time: figures' })).toContainText('89,000');
  await page.getByRole('button', { name: 'Show Distribution as a table' }).click();
  await expect(page.getByRole('region', { name: 'Distribution: figures' })).toBeVisible();
});

test('the crosshair reads points by mouse and by key, and a drag zooms', async ({ user }) => {
  const page = await open(user);
  const chart = page.getByRole('slider', { name: 'Read Revenue point by point' });
  await chart.focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await expect(chart).toHaveAttribute('aria-valuetext', /^3 Jan 2024: 89,000; Expected range/);
  await expect(page.getByTestId('tooltip')).toContainText('High: spike');
  const box = await chart.boundingBox();
  if (!box) throw new Error('the chart is not drawn');
  await page.mouse.move(box.x + box.width * 0.5, box.y + 100);
  await expect(page.getByTestId('tooltip')).toContainText('15 Jan 2024');
  await page.mouse.move(box.x + box.width * 0.3, box.y + 100);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.7, box.y + 100, { steps: 5 });
  await page.mouse.up();
  await expect(page).toHaveURL(/from=2024-01-.*to=2024-01-/);
  await page.keyboard.press('0');
  await expect(page).not.toHaveURL(/from=/);
});

test('the chart grows with a taller panel beside it, drawn and all, and shrinks again', async ({ user }) => {
  const page = await open(user);
  await page.setViewportSize({ width: 1440, height: 1400 });
  const card = page.getByRole('region', { name: 'Revenue over time' });
  const heights = () =>
    card.evaluate((element) => ({
      card: element.getBoundingClientRect().bottom,
      panel: element.nextElementSibling?.getBoundingClientRect().bottom ?? 0,
      drawn: element.querySelector('.main-svg')?.getBoundingClientRect().height ?? 0,
    }));
  await expect.poll(async () => (await heights()).drawn).toBeGreaterThan(0);
  const before = await heights();
  expect(before.card).toBeCloseTo(before.panel, 0);
  await page.getByRole('button', { name: 'Explain the anomaly of 3 Jan 2024' }).click();
  await expect(page.getByRole('heading', { name: 'High: spike' })).toBeVisible();
  await expect.poll(async () => (await heights()).drawn).toBeGreaterThan(before.drawn);
  const during = await heights();
  expect(during.card).toBeCloseTo(during.panel, 0);
  await page.keyboard.press('Escape');
  await expect.poll(async () => (await heights()).drawn).toBe(before.drawn);
});

test('at 1280 x 720 every row of controls is one line, and most of the chart is on the first screen', async ({
  user,
}) => {
  const page = await open(user);
  await page.setViewportSize({ width: 1280, height: 720 });
  const tops = (names: string[]) =>
    Promise.all(
      names.map(async (name) => {
        const control = page.getByRole('main').locator(`[aria-label="${name}"], button:has-text("${name}")`);
        const box = await control.first().boundingBox();
        return (box?.y ?? 0) + (box?.height ?? 0) / 2;
      }),
    );
  const isOneLine = (middles: number[]) => Math.max(...middles) - Math.min(...middles) < 4;
  expect(isOneLine(await tops(['Metric', 'Compare metrics', 'Re-analyse', 'Download report', 'More']))).toBe(
    true,
  );
  expect(isOneLine(await tops(['Interval', 'Value', 'Chart menu']))).toBe(true);
  const legend = await page.getByText('Expected range', { exact: true }).first().boundingBox();
  const range = await page.getByRole('button', { name: 'All dates' }).boundingBox();
  expect(Math.abs((legend?.y ?? 0) - (range?.y ?? 99))).toBeLessThan(10);
  const plot = await page.locator('.plot').first().boundingBox();
  expect(plot?.y).toBeLessThan(420);
});

test('at 1440 x 900 the chart begins above 340 px and is whole, with its strip, on the first screen', async ({
  user,
}) => {
  const page = await open(user);
  await page.setViewportSize({ width: 1440, height: 900 });
  const area = await page.getByRole('slider', { name: 'Read Revenue point by point' }).boundingBox();
  expect(area?.y).toBeLessThan(340);
  const drawn = await page.locator('.plot').first().boundingBox();
  expect(drawn?.y).toBeLessThan(340);
  const strip = await page.getByTestId('overview').boundingBox();
  expect((strip?.y ?? 901) + (strip?.height ?? 0)).toBeLessThanOrEqual(900);
});

test('a time range is typed, and the key figures follow it', async ({ user }) => {
  const page = await open(user);
  await page.getByRole('button', { name: 'All dates' }).click();
  await page.getByLabel('From').first().fill('2024-01-02');
  await page.getByLabel('To', { exact: true }).first().fill('2024-01-05');
  await page.getByRole('button', { name: 'Apply' }).click();
  await expect(page).toHaveURL(/from=2024-01-02.*to=2024-01-05/);
  await expect(page.getByRole('button', { name: '2 to 5 Jan 2024' })).toBeVisible();
  await expect(page.getByRole('region', { name: 'Key figures' })).toContainText('Total in view');
});

test('several anomalies are selected and judged at once', async ({ user }) => {
  const page = await open(user);
  await page.getByLabel('Select the anomaly of 3 Jan 2024').check();
  await page.getByLabel('Select the anomaly of 27 Jan 2024').check();
  const bulk = page.getByRole('region', { name: 'Verdict for the selected anomalies' });
  await expect(bulk).toContainText('2 anomalies selected');
  await bulk.getByRole('button', { name: 'Expected' }).click();
  await expect(anomalies(page).filter({ hasText: 'Expected' })).toHaveCount(2);
  await expect(page.getByRole('region', { name: 'Key figures' })).toContainText('2 of 3 closed');
  await page.getByRole('combobox', { name: 'Status' }).click();
  await page.getByRole('option', { name: 'Open' }).click();
  await expect(anomalies(page)).toHaveCount(1);
  await page.getByRole('button', { name: 'Clear filters' }).click();
  await expect(anomalies(page)).toHaveCount(3);
});

test('the chart is saved as a picture with its title and source, the series as CSV', async ({ user }) => {
  const page = await open(user);
  const saved = async (item: string) => {
    await page.getByRole('button', { name: 'Chart menu' }).click();
    const download = page.waitForEvent('download');
    await page.getByRole('menuitem', { name: item }).click();
    return readFile(await (await download).path());
  };
  const svg = (await saved('Chart as SVG')).toString();
  expect(svg).toContain('Revenue over time');
  expect(svg).toContain('Source: sales.csv, version 1');
  expect(svg).toContain('Expected range');
  expect((await saved('Chart as PNG')).subarray(1, 4).toString()).toBe('PNG');
  const csv = (await saved('Series as CSV')).toString().trim().split('\r\n');
  expect(csv[0]).toBe('time,value,expected,lower,upper,rollingAverage');
  expect(csv).toHaveLength(8);
});

test('all metrics are listed with their open anomalies, and one click opens one', async ({ user }) => {
  const page = await open(user);
  const table = page.getByRole('table', { name: 'All metrics' });
  await expect(table.getByRole('row')).toHaveCount(3);
  await expect(table).toContainText('Revenue');
  await table.getByRole('button', { name: 'Orders' }).click();
  await expect(page.getByRole('heading', { name: 'Orders over time' })).toBeVisible();
});

test('another metric is another analysis', async ({ user }) => {
  const page = await open(user);
  await page.getByRole('combobox', { name: 'Metric' }).click();
  await page.getByRole('option', { name: 'Orders' }).click();
  await expect(page.getByRole('heading', { name: 'Orders over time' })).toBeVisible();
  await expect(page).toHaveURL(/metric=orders/);
  await page.goBack();
  await expect(page.getByRole('heading', { name: 'Revenue over time' })).toBeVisible();
});

test('nothing is asked of any other host and the content policy is kept', async ({ user, server }) => {
  const { page } = user;
  const foreign: string[] = [];
  const complaints: string[] = [];
  page.on('request', (request) => {
    if (!/^(data|blob):/.test(request.url()) && !request.url().startsWith(server.url))
      foreign.push(request.url());
  });
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  await open(user);
  await expect(page.getByRole('img', { name: /Line chart of Revenue/ })).toBeVisible();
  await page.waitForLoadState('networkidle');
  expect(foreign).toEqual([]);
  expect(complaints).toEqual([]);
});

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(`in the ${colorScheme} scheme`, () => {
    test.use({ colorScheme });

    test('explanation, tables and drawer have no accessibility violation', async ({ user }) => {
      const page = await open(user);
      await page.keyboard.press('j');
      await expect(page.getByText('Anomaly 1 of 3')).toBeVisible();
      await page.screenshot({ path: `${SCREENSHOTS}/explanation-${colorScheme}.png` });
      expect(await violations(page)).toEqual([]);
      await page.getByRole('button', { name: 'Show Distribution as a table' }).press('Enter');
      await page.getByRole('button', { name: 'Show Anomaly calendar as a table' }).press('Enter');
      await page.getByRole('button', { name: /^About this analysis/ }).press('Enter');
      await page.getByRole('button', { name: 'Close the explanation' }).press('Enter');
      expect(await violations(page)).toEqual([]);
      await page.getByRole('button', { name: 'Sensitivity' }).press('Enter');
      await expect(page.getByRole('dialog', { name: 'Sensitivity' })).toContainText('3 of 7 points');
      await page.screenshot({ path: `${SCREENSHOTS}/sensitivity-${colorScheme}.png` });
      expect(await violations(page)).toEqual([]);
    });
  });
}

async function zoomIn(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Chart menu' }).click();
  await page.getByRole('menuitem', { name: 'Zoom in' }).click();
  await page.keyboard.press('Escape');
}

async function violations(page: Page): Promise<string[]> {
  // A focused button's tip is on its way in or out: it is judged when it has settled.
  await page.waitForFunction(() =>
    document.getAnimations().every(({ playState }) => playState !== 'running'),
  );
  const { violations: found } = await new AxeBuilder({ page }).exclude('[role="tooltip"]').analyze();
  return found.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).join(', ')}`);
}
