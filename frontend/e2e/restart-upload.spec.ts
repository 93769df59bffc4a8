// Where files come through the server, it may be lost while one is on its way (the cloud's go to the bucket).
import { expect } from './fixtures';
import { chosen, test } from './losing';
import { slowed } from './network';

test('an upload under way fails with words and can be tried again', async ({ user: { page }, own, big }) => {
  const fullSpeed = await slowed(page, 400_000);
  await chosen(page, big);
  await page.getByRole('button', { name: 'Upload and analyse' }).click();
  const sent = page.getByRole('progressbar', { name: 'Uploaded' });
  await expect(sent).toHaveAttribute('aria-valuenow', /^[1-9]/);

  await own.kill();
  const alert = page.getByRole('alert');
  await expect(alert).toContainText('The file was not uploaded');
  await expect(alert).toContainText('Driftline cannot be reached');

  await own.start();
  await fullSpeed();
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByRole('main')).toContainText('All 200,000 rows used');
  await page.goto('/datasets');
  await expect(page.getByRole('table').locator('tbody').getByRole('row')).toHaveCount(1); // the half is not there
});
