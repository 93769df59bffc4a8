// The dataset page: what is selected, zoomed and set is one state, kept in the address.
import { mkdir, writeFile } from 'node:fs/promises';
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
  await page.keyboard.press('j');
  await expect(page.getByRole('heading', { name: 'Medium: spike' })).toBeVisible();
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

test('zooming by the tools is kept in the address and undone by showing all', async ({ user }) => {
  const page = await open(user);
  await page.getByRole('button', { name: 'Zoom in' }).click();
  await expect(page).toHaveURL(/from=2024-01-.*to=2024-01-/);
  await page.reload();
  await expect(page.getByRole('button', { name: 'Show all' })).toBeEnabled();
  await page.getByRole('button', { name: 'Show all' }).click();
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
  await expect(page.getByText(/of 6,000 .* drawn, and every anomaly/)).toBeVisible();
  const denser = page.waitForResponse((answer) =>
    /\/series\?.*from=2024-01-.*to=2024-01-/.test(answer.url()),
  );
  await page.getByRole('button', { name: 'Zoom in' }).click();
  const { time } = await (await denser).json();
  expect(time.length).toBeGreaterThan(1_000);
  await expect(page.getByRole('heading', { name: 'Temperature over time' })).toBeVisible();
  await expect(page.getByRole('combobox', { name: 'Metric' })).toHaveValue('Temperature (°C)');
});

test('dragging on the overview zooms the chart', async ({ user }) => {
  const page = await open(user);
  const strip = page.getByTestId('overview').locator('.overlay');
  await page.getByRole('button', { name: 'Zoom in' }).click();
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
  await expect(drawer).toContainText('Flags 3 of 7 points');
  await drawer.getByText('Drops').click();
  await expect(drawer).toContainText('1 anomaly, 2 fewer than now');
  await drawer.getByRole('button', { name: 'Apply' }).click();
  await expect(anomalies(page)).toHaveCount(1);
  await expect(page).toHaveURL(/direction=down/);
  await page.getByRole('button', { name: 'Back to standard' }).click();
  await expect(anomalies(page)).toHaveCount(3);
});

test('every chart can be read as a table', async ({ user }) => {
  const page = await open(user);
  await page.getByRole('button', { name: 'Show Revenue over time as a table' }).click();
  await expect(page.getByRole('region', { name: 'Revenue over time: figures' })).toContainText('89,000');
  await page.getByRole('button', { name: 'Show Distribution as a table' }).click();
  await expect(page.getByRole('region', { name: 'Distribution: figures' })).toBeVisible();
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
      await page.getByRole('button', { name: 'Close the explanation' }).press('Enter');
      expect(await violations(page)).toEqual([]);
      await page.getByRole('button', { name: 'Sensitivity' }).press('Enter');
      await expect(page.getByRole('dialog', { name: 'Sensitivity' })).toContainText('Flags 3 of 7 points');
      await page.screenshot({ path: `${SCREENSHOTS}/sensitivity-${colorScheme}.png` });
      expect(await violations(page)).toEqual([]);
    });
  });
}

async function violations(page: Page): Promise<string[]> {
  // A focused button's tip is on its way in or out: it is judged when it has settled.
  await page.waitForFunction(() =>
    document.getAnimations().every(({ playState }) => playState !== 'running'),
  );
  const { violations: found } = await new AxeBuilder({ page }).exclude('[role="tooltip"]').analyze();
  return found.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).join(', ')}`);
}
