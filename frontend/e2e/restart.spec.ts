// The server is lost (kill -9) in the middle of a session and comes back at the same address with the same data.
import { expect, SALES } from './fixtures';
import { chosen, test } from './losing';

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
