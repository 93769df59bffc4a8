// Two accounts on one server: neither can read, list or change what belongs to the other.
import { expect, SALES, test, User } from './fixtures';

test('another user finds a dataset neither by its address, nor in the list, nor among the reports', async ({
  user,
  browser,
  server,
}) => {
  const datasetId = await user.has(SALES);
  const { page } = user;
  await page.goto(`/datasets/${datasetId}`);
  const saved = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download report' }).click();
  await page.getByRole('menuitem', { name: /CSV/ }).click();
  await saved;
  await page.goto('/reports');
  await expect(page.getByRole('table', { name: 'Reports' })).toContainText('sales.csv');

  const elsewhere = await browser.newContext({ baseURL: server.url });
  const stranger = await User.signedIn(await elsewhere.newPage());
  await expect(stranger.page.getByRole('heading', { name: 'Upload your first dataset' })).toBeVisible();
  await stranger.page.goto(`/datasets/${datasetId}`);
  await expect(stranger.page.getByRole('main')).toContainText('Dataset not found');
  await stranger.page.goto(`/upload?dataset=${datasetId}`);
  await expect(stranger.page.getByRole('main')).toContainText(
    'does not exist, or it belongs to another account',
  );
  await stranger.page.goto('/reports');
  await expect(stranger.page.getByRole('heading', { name: 'No reports yet' })).toBeVisible();
  await expect(stranger.page.getByText('sales.csv')).toHaveCount(0);
  await elsewhere.close();

  await page.goto('/datasets');
  await expect(page.getByRole('link', { name: 'sales.csv', exact: true })).toBeVisible();
});
