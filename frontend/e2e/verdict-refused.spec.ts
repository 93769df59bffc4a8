// A verdict that does not arrive, two tabs that differ, a dataset that is gone: the page says what is.
import { expect, test } from './fixtures';
import { looked } from './looks';
import { explain, figures, rowOf, rows, said, verdict } from './saying';
import { shop, written } from './shop';

test('a verdict that is not saved is put back in words, and another tab follows what is', async ({
  user,
}, testInfo) => {
  const { page } = user;
  const id = await user.has(await written(testInfo.outputPath('visits.csv'), shop(100)));
  await page.goto(`/datasets/${id}`);
  await explain(page, '21 Jan 2024');

  await page.route('**/verdicts', (route) => route.abort('connectionfailed'));
  await page.keyboard.press('1');
  const alarm = page.getByRole('alert').filter({ hasText: 'The verdict of 21 Jan 2024 was not saved' });
  await expect(alarm).toBeVisible();
  await expect(verdict(page, 'Real')).toHaveAttribute('aria-pressed', 'false');
  await expect(page.getByLabel('Reason')).toHaveValue('flash sale');
  await expect(figures(page)).toContainText('Open anomalies4');
  await page.unroute('**/verdicts');

  const other = await page.context().newPage();
  await other.goto(`/datasets/${id}`);
  await expect(rows(other)).toHaveCount(4);
  await said(page, () => page.keyboard.press('1'));
  await expect(alarm).toBeHidden();
  await expect(rowOf(other, '21 Jan 2024')).toContainText('Real: flash sale');
  await explain(other, '21 Jan 2024');
  await said(other, () => verdict(other, 'False alarm').click());
  await expect(verdict(page, 'False alarm')).toHaveAttribute('aria-pressed', 'true');
  await expect(figures(page)).toContainText('Open anomalies3');

  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toContainText('False alarm');
  await looked(page, 'shortcuts');
  await page.getByLabel('Single-key shortcuts').click();
  await page.keyboard.press('Escape');
  await page.keyboard.press('1');
  await expect(verdict(page, 'False alarm')).toHaveAttribute('aria-pressed', 'true');

  await other.goto('/datasets');
  await other.getByRole('button', { name: 'Actions for visits.csv' }).click();
  await other.getByRole('menuitem', { name: 'Delete' }).click();
  await other.getByRole('button', { name: 'Delete', exact: true }).click();
  await other.getByRole('button', { name: 'Delete now' }).click();
  await verdict(page, 'Expected').click();
  await expect(page.getByText('Dataset not found')).toBeVisible();
});
