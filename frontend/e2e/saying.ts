// What specifications of verdicts do and look at.
import { expect, type Page } from '@playwright/test';

export const rows = (page: Page) =>
  page.getByRole('table', { name: 'Anomalies' }).locator('tbody').getByRole('row');
export const rowOf = (page: Page, day: string) => rows(page).filter({ hasText: day });
export const verdict = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
export const figures = (page: Page) => page.getByRole('region', { name: 'Key figures' });

export async function explain(page: Page, day: string): Promise<void> {
  const button = page.getByRole('button', { name: `Explain the anomaly of ${day}` });
  await button.click();
  // The form of another anomaly may still be there.
  await expect(button).toHaveAttribute('aria-pressed', 'true');
  await expect(page.getByRole('heading', { name: 'Was this real?' })).toBeVisible();
}

/** Give a verdict and wait until the server has stored it and the page has read the analysis again. */
export async function said(page: Page, act: () => Promise<void>): Promise<void> {
  const kept = page.waitForResponse((answer) => answer.request().method() === 'PUT');
  const read = page.waitForResponse(
    (answer) => /\/api\/analytics\/[^/]+(\?|$)/.test(answer.url()) && answer.request().method() === 'GET',
  );
  await act();
  expect((await kept).status()).toBe(200);
  await read;
}
