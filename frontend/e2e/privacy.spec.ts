import { expect, SALES, test, User } from './fixtures';

test('another user finds nothing at the address of a dataset', async ({ user, browser, server }) => {
  const datasetId = await user.has(SALES);
  const elsewhere = await browser.newContext({ baseURL: server.url });
  const stranger = await User.signedIn(await elsewhere.newPage());
  await stranger.page.goto(`/datasets/${datasetId}`);
  await expect(stranger.page.getByRole('main')).toContainText(/no such dataset|not found|there is no/i);
  await expect(stranger.page.getByText('sales.csv')).toHaveCount(0);
  await elsewhere.close();
});
