import { readFileSync } from 'node:fs';
import { expect, type Page } from '@playwright/test';
import { test } from './fixtures';

const REFUSED_AT_ONCE = [
  { name: 'empty.csv', content: '', says: /empty\.csv is empty \(0 bytes\)/ },
  { name: 'header-only.csv', content: 'date,revenue\n', says: /no row|no rows|header/i },
  { name: 'words.csv', content: 'name,town\nAda,London\nKurt,Brno\n', says: /time|date/i },
  { name: 'picture.csv', content: '\x89PNG\r\n\x1a\n\0\0\0\rIHDR', says: /PNG|image|picture/i },
];

for (const { name, content, says } of REFUSED_AT_ONCE) {
  test(`${name} is refused with a reason`, async ({ user: { page } }) => {
    await choose(page, name, content);
    await expect(page.getByRole('main').getByRole('alert').first()).toContainText(says);
  });
}

test('a file that breaks off in the middle is refused when it is read whole', async ({ user: { page } }) => {
  await choose(page, 'broken.json', '[{"date": "2024-01-01", "revenue": 1}, {"da');
  await page.getByRole('button', { name: 'Upload and analyse' }).click();
  await expect(page.getByRole('alert')).toContainText(/JSON/);
  await page.getByRole('button', { name: 'Choose another file' }).click();
  await expect(page.getByLabel('Choose a file')).toBeAttached();
});

test('rows that cannot be read are listed with their reason, and the others are analysed', async ({
  user: { page },
}) => {
  const days = Array.from(
    { length: 28 },
    (_, day) => `2024-02-${String(day + 1).padStart(2, '0')},${100 + day}`,
  );
  await choose(page, 'one-bad-row.csv', ['date,revenue', ...days, '2024-03-01,lots'].join('\n'));
  await page.getByRole('button', { name: 'Upload and analyse' }).click();
  await expect(page.getByRole('main')).toContainText('28 of 29 rows used');
  const saved = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Rejected rows (CSV)' }).click();
  const rejects = readFileSync(await (await saved).path(), 'utf-8')
    .trim()
    .split('\n');
  expect(rejects).toHaveLength(2);
  expect(rejects[1]).toMatch(/^30,.*lots/);
});

async function choose(page: Page, name: string, content: string): Promise<void> {
  await page.goto('/upload');
  const file = { name, mimeType: 'text/csv', buffer: Buffer.from(content, 'latin1') };
  await page.getByLabel('Choose a file').setInputFiles(file);
}
