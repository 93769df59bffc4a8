// Files go from the browser straight to the bucket; where it does not take them, through the API.
import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { expect, SALES, test } from '../fixtures';

test('a file goes straight to the bucket, which the content policy names and nothing else', async ({
  user: { page },
  server,
}) => {
  const store = new URL(server.store ?? '').origin;
  const policy = (await page.request.get('/')).headers()['content-security-policy'];
  expect(policy).toContain(`connect-src 'self' ${store};`);
  const toStore = page.waitForResponse(
    (response) => response.url().startsWith(store) && response.request().method() === 'POST',
  );
  const followed = page.waitForRequest(/\/events\?version=1$/);
  await sent(page);
  const answer = await toStore;
  expect(answer.status()).toBeLessThan(300);
  expect(await answer.request().headerValue('authorization')).toBeNull();
  await followed;
  await expect(page.getByRole('main')).toContainText('All 7 rows used');
  await page.getByRole('link', { name: 'Open analysis' }).click();
  await expect(page.getByRole('table', { name: 'Anomalies' }).locator('tbody').getByRole('row')).toHaveCount(
    3,
  );
});

test('where the bucket cannot be reached the file goes through the API, and the page says so', async ({
  user: { page },
  server,
}) => {
  await page.route(`${new URL(server.store ?? '').origin}/**`, (route) => route.abort('connectionrefused'));
  let release = () => {};
  const looked = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route('**/api/datasets/upload', async (route) => {
    await looked;
    await route.continue();
  });
  await sent(page);
  const said = page.getByRole('status').filter({ hasText: 'could not be sent to the file store directly' });
  await expect(said).toBeVisible();
  release();
  await expect(page.getByRole('main')).toContainText('All 7 rows used');
});

test('a file that the bucket has, but whose answer is lost, is not sent a second time', async ({
  user: { page },
  server,
}) => {
  let again = 0;
  const ticket = page.waitForResponse(/\/upload-url$/).then((response) => response.json());
  await page.route(`${new URL(server.store ?? '').origin}/**`, async (route) => {
    // Sent from here: a request that is intercepted has lost its file.
    const { url, fields } = await ticket;
    const file = { name: 'sales.csv', mimeType: 'text/csv', buffer: readFileSync(SALES) };
    const answer = await page.request.post(url, { multipart: { ...fields, file } });
    expect(answer.ok()).toBe(true);
    await route.abort('connectionreset');
  });
  page.on('request', (request) => {
    if (request.url().endsWith('/api/datasets/upload')) again += 1;
  });
  await sent(page);
  await expect(page.getByRole('main')).toContainText('All 7 rows used');
  expect(again).toBe(0);
});

async function sent(page: Page): Promise<void> {
  await page.goto('/upload');
  await page.getByLabel('Choose a file').setInputFiles(SALES);
  await expect(page.getByRole('region', { name: 'First rows of the file' })).toBeVisible();
  await page.getByRole('button', { name: 'Upload and analyse' }).click();
}
