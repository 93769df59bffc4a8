// Reports: made, followed, and downloaded by a link of their own: the store's, or one that the server signs itself.
import { readFileSync } from 'node:fs';
import type { Download, Page } from '@playwright/test';
import { expect, SALES, test, type User } from './fixtures';

const LINK = /\/api\/reports\/[^/]+\/link$/;

test('a report is downloaded from the store by a new link at every click, under its name', async ({
  user,
  server,
}) => {
  const { page } = user;
  const throughApi: string[] = [];
  page.on('request', (request) => {
    if (/\/api\/reports\/[0-9a-f-]{36}$/.test(request.url())) throughApi.push(request.url());
  });
  const made = await saved(page, () => order(user, 'PDF'));
  expect(made.suggestedFilename()).toBe('sales-csv-revenue-v1.pdf');
  expect(
    readFileSync(await made.path())
      .subarray(0, 5)
      .toString(),
  ).toBe('%PDF-');
  expect(new URL(made.url()).origin).toBe(new URL(server.store ?? server.url).origin);
  await expect(page.getByRole('status').filter({ hasText: 'The report is downloaded.' })).toBeAttached();

  await page.goto('/reports');
  const button = page.getByRole('button', { name: 'Download sales-csv-revenue-v1.pdf' });
  for (let click = 0; click < 2; click += 1) {
    const asked = page.waitForResponse((answer) => LINK.test(new URL(answer.url()).pathname));
    const again = await saved(page, () => button.click());
    const { url } = await (await asked).json();
    expect(new URL(url, server.url).href).toBe(again.url());
    expect(again.suggestedFilename()).toBe('sales-csv-revenue-v1.pdf');
    expect(readFileSync(await again.path())).toEqual(readFileSync(await made.path()));
  }
  expect(throughApi).toEqual([]);
  await expect(page).toHaveURL(/\/reports$/);
});

async function order(user: User, format: string): Promise<void> {
  const { page } = user;
  await page.goto(`/datasets/${await user.has(SALES)}`);
  await page.getByRole('button', { name: 'Download report' }).click();
  await page.getByRole('menuitem', { name: new RegExp(format) }).click();
}

async function saved(page: Page, doing: () => Promise<void>): Promise<Download> {
  const download = page.waitForEvent('download');
  await doing();
  return download;
}
