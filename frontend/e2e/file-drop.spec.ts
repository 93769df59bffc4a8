// A file dropped anywhere in the window opens the upload with it and never leaves the application.
import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { expect, SALES, test } from './fixtures';

async function drop(page: Page): Promise<boolean> {
  return page.evaluate(
    (text) => {
      const carried = new DataTransfer();
      carried.items.add(new File([text], 'sales.csv', { type: 'text/csv' }));
      const at = document.querySelector('main') ?? document.body;
      at.dispatchEvent(
        new DragEvent('dragenter', { dataTransfer: carried, bubbles: true, cancelable: true }),
      );
      // What is not prevented the browser answers by opening the file in place of the page.
      return !at.dispatchEvent(
        new DragEvent('drop', { dataTransfer: carried, bubbles: true, cancelable: true }),
      );
    },
    readFileSync(SALES, 'utf8'),
  );
}

for (const path of ['/datasets', '/reports', '/upload', '/nowhere']) {
  test(`a file dropped on ${path} is the file of the upload`, async ({ user: { page } }) => {
    await page.goto(path);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    expect(await drop(page)).toBe(true);
    await expect(page).toHaveURL(/\/upload$/);
    await expect(page.getByRole('region', { name: 'First rows of the file' })).toContainText('89000');
  });
}

test('a file dropped on a dataset opens the upload with it', async ({ user }) => {
  const { page } = user;
  await page.goto(`/datasets/${await user.has(SALES)}`);
  await expect(page.getByRole('table', { name: 'Anomalies' })).toBeVisible();
  expect(await drop(page)).toBe(true);
  await expect(page.getByRole('heading', { name: 'sales.csv' })).toBeVisible();
  await expect(page).toHaveURL(/\/upload$/);
});

test('a file dropped while signed out leaves the page as it is', async ({ page }) => {
  await page.goto('/login');
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
  expect(await drop(page)).toBe(true);
  await expect(page).toHaveURL(/\/login$/);
});
