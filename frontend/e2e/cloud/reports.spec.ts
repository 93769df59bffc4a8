// A report can be downloaded although the browser does not reach the bucket, as with docker-compose.yml.
import { readFileSync } from 'node:fs';
import { expect, SALES, test } from '../fixtures';

test('where the store cannot be reached the report comes through the API', async ({ user, server }) => {
  const { page } = user;
  await page.route(`${new URL(server.store ?? '').origin}/**`, (route) => route.abort('connectionrefused'));
  await page.goto(`/datasets/${await user.has(SALES)}`);
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download report' }).click();
  await page.getByRole('menuitem', { name: /CSV/ }).click();
  const made = await download;
  expect(made.suggestedFilename()).toBe('sales-csv-revenue-v1.csv');
  expect(readFileSync(await made.path(), 'utf8')).toContain('2024-01-03');
});
