// The server is lost (kill -9) in the middle of a session and comes back on the same port and data folder.
import { writeFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { test as base, expect, SALES } from './fixtures';
import { slowed } from './network';
import { type EmbeddedServer, startEmbedded } from './server';

const ROWS = 200_000; // a few megabytes and a second's work: long enough to be in the middle of either

const test = base.extend<{ big: string }, { own: EmbeddedServer }>({
  own: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures asked for from this pattern
    async ({}, use) => {
      const own = await startEmbedded();
      await use(own);
      await own.stop();
    },
    { scope: 'worker', timeout: 300_000 },
  ],
  server: [async ({ own }, use) => use(own), { scope: 'worker' }],
  // biome-ignore lint/correctness/noEmptyPattern: as above
  big: async ({}, use, testInfo) => {
    const path = testInfo.outputPath('big.csv');
    const minute = (row: number) => new Date(Date.UTC(2024, 0, 1, 0, row)).toISOString();
    const rows = Array.from({ length: ROWS }, (_, row) => `${minute(row)},${100 + ((row * 7919) % 97)}`);
    writeFileSync(path, `time,visits\n${rows.join('\n')}\n`);
    await use(path);
  },
});

test('the page says that the server is away, recovers, and the session survives', async ({ user, own }) => {
  const { page } = user;
  await page.goto(`/datasets/${await user.has(SALES)}`);
  const anomalies = page.getByRole('table', { name: 'Anomalies' }).locator('tbody').getByRole('row');
  await expect(anomalies).toHaveCount(3);

  await own.kill();
  await page.getByRole('combobox', { name: 'Metric' }).click();
  await page.getByRole('option', { name: 'orders' }).click();
  await expect(page.getByRole('alert')).toContainText('Driftline does not answer');

  await own.start();
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByRole('heading', { name: 'Orders over time' })).toBeVisible();
  await page.reload();
  await expect(page.getByRole('heading', { name: 'Orders over time' })).toBeVisible();
});

test('an upload under way fails with words and can be tried again', async ({ user: { page }, own, big }) => {
  const fullSpeed = await slowed(page, 400_000);
  await chosen(page, big);
  await page.getByRole('button', { name: 'Upload and analyse' }).click();
  const sent = page.getByRole('progressbar', { name: 'Uploaded' });
  await expect(sent).toHaveAttribute('aria-valuenow', /^[1-9]/);

  await own.kill();
  const alert = page.getByRole('alert');
  await expect(alert).toContainText('The file was not uploaded');
  await expect(alert).toContainText('Driftline does not answer');

  await own.start();
  await fullSpeed();
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByRole('main')).toContainText('All 200,000 rows could be used');
  await page.goto('/datasets');
  await expect(page.getByRole('table').locator('tbody').getByRole('row')).toHaveCount(1); // the half is not there
});

test('the live status goes on where a lost server takes its work up again', async ({
  user: { page },
  own,
  big,
}) => {
  await chosen(page, big);
  await page.getByRole('button', { name: 'Upload and analyse' }).click();
  await expect(page.getByRole('heading', { name: 'Processing big' })).toBeVisible();
  await own.kill();
  await own.start();
  await expect(page.getByRole('main')).toContainText('All 200,000 rows could be used');
  await page.getByRole('link', { name: 'Open the analysis' }).click();
  await expect(page.getByRole('heading', { name: 'Visits over time' })).toBeVisible();
});

async function chosen(page: Page, path: string): Promise<void> {
  await page.goto('/upload');
  await page.getByLabel('Choose a file').setInputFiles(path);
  await expect(page.getByRole('region', { name: 'First rows of the file' })).toBeVisible();
}
