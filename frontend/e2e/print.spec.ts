// On paper: light colours, charts as wide as the sheet, every anomaly, no controls.
import { expect, SALES, test } from './fixtures';

const SHEET = { width: 700, height: 1000 }; // A4 between its margins, in CSS pixels

test('a printed page has charts as wide as the sheet and no controls', async ({ user }) => {
  const { page } = user;
  const id = await user.has(SALES);
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.goto(`/datasets/${id}`);
  await expect(page.locator('.plot .main-svg').first()).toBeVisible();
  await expect(page.getByText('About this analysis')).toBeVisible();

  await page.evaluate(() => window.dispatchEvent(new Event('beforeprint')));
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
  await page.setViewportSize(SHEET);

  await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', 'light');
  const card = await page.getByRole('region', { name: 'Revenue over time' }).boundingBox();
  const drawn = await page.locator('.plot .main-svg').first().boundingBox();
  expect(drawn?.width).toBeGreaterThan(0.9 * (card?.width ?? Number.POSITIVE_INFINITY));
  expect(drawn?.width).toBeLessThanOrEqual(card?.width ?? 0);
  await expect(page.getByText('Download report')).toBeHidden();
  await expect(page.getByLabel('Search anomalies')).toBeHidden();
  await expect(page.getByText('How this series was analysed')).toBeVisible();

  await page.evaluate(() => window.dispatchEvent(new Event('afterprint')));
  await page.emulateMedia({ media: 'screen', colorScheme: 'dark' });
  await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', 'dark');
  await expect(page.getByText('Download report')).toBeVisible();
});
