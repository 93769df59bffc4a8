// The server is lost (kill -9) in the middle of a session and comes back at the same address with the same data.
import { expect, SALES } from './fixtures';
import { chosen, test } from './losing';

test('the page says that the server is away, recovers, and the session survives', async ({ user, own }) => {
  const { page } = user;
  await page.goto(`/datasets/${await user.has(SALES)}`);
  const anomalies = page.getByRole('table', { name: 'Anomalies' }).locator('tbody').getByRole('row');
  await expect(anomalies).toHaveCount(3);

  await own.kill();
  // Other metrics may have been read for their overview: another interval has to be asked for.
  await page.getByRole('combobox', { name: 'Interval' }).click();
  await page.getByRole('option', { name: /^Weeks/ }).click();
  await expect(page.getByRole('alert')).toContainText('Driftline cannot be reached');
  // What was there stays, and the page says that it may be out of date.
  await expect(anomalies).toHaveCount(3);
  await expect(page.getByText(/What you see may be out of date/)).toBeVisible();

  // By itself, as soon as the server answers again.
  await own.start();
  await expect(page.getByText(/^Weekly total/).first()).toBeVisible();
  await page.reload();
  await expect(page.getByText(/^Weekly total/).first()).toBeVisible();
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
  await expect(page.getByRole('main')).toContainText('All 200,000 rows used');
  await page.getByRole('link', { name: 'Open analysis' }).click();
  await expect(page.getByRole('heading', { name: 'Visits over time' })).toBeVisible();
});
