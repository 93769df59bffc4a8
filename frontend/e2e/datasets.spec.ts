// The list of datasets: find, rename, delete, open an example.
import { expect, SALES, test } from './fixtures';

test('a dataset is renamed and found under its new name only', async ({ user }) => {
  const { page } = user;
  await user.has(SALES);
  await page.goto('/datasets');
  await page.getByRole('button', { name: 'Actions for sales.csv' }).click();
  await page.getByRole('menuitem', { name: 'Rename' }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill('Shop in Pune');
  await page.getByRole('button', { name: 'Rename' }).click();
  await expect(page.getByRole('row', { name: /Shop in Pune/ })).toBeVisible();
  await page.getByRole('textbox', { name: 'Search datasets' }).fill('nothing like it');
  await expect(page.getByRole('heading', { name: 'Nothing found' })).toBeVisible();
});

test('a dataset is deleted after a question, comes back by undoing, and is gone for good when the page is left', async ({
  user,
}) => {
  const { page } = user;
  await user.has(SALES);
  await page.goto('/datasets');
  const row = page.getByRole('row', { name: /sales\.csv/ });
  const remove = async (answer: 'Cancel' | 'Delete') => {
    await page.getByRole('button', { name: 'Actions for sales.csv' }).click();
    await page.getByRole('menuitem', { name: 'Delete' }).click();
    await page.getByRole('button', { name: answer, exact: true }).click();
  };
  await remove('Cancel');
  await expect(row).toBeVisible();
  await remove('Delete');
  await expect(page.getByRole('heading', { name: 'Upload your first dataset' })).toBeVisible();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(row).toBeVisible();
  await remove('Delete');
  await expect(page.getByRole('heading', { name: 'Upload your first dataset' })).toBeVisible();
  await page.reload();
  await expect(page.getByRole('heading', { name: 'Upload your first dataset' })).toBeVisible();
});

test('an example opens with one click', async ({ user }) => {
  const { page } = user;
  await page.goto('/datasets');
  await page.getByRole('button', { name: 'Open the example Store footfall' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Store footfall' })).toBeVisible();
  await expect(page.getByRole('heading', { name: 'What stands out' })).toBeVisible();
});

test('the list is searched, filtered and sorted by the server, and the address keeps it', async ({
  user,
}) => {
  const { page } = user;
  await user.has(SALES);
  await page.goto('/datasets?status=failed');
  await expect(page.getByText('No dataset has this status.')).toBeVisible();
  await page.getByRole('button', { name: 'Show all' }).click();
  await expect(page.getByRole('row', { name: /sales\.csv/ })).toBeVisible();
  await page.getByRole('button', { name: 'Rows', exact: true }).click();
  await expect(page).toHaveURL(/sort=-rowCount/);
  await page.getByRole('textbox', { name: 'Search datasets' }).fill('SALES');
  await expect(page).toHaveURL(/q=SALES/);
  await page.reload();
  await expect(page.getByRole('row', { name: /sales\.csv/ })).toBeVisible();
  await expect(page.getByRole('textbox', { name: 'Search datasets' })).toHaveValue('SALES');
});
