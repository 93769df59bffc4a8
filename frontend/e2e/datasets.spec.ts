// The list of datasets: find, rename, delete; a second version beside the first.
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
  const remove = async (answer: 'Keep it' | 'Delete') => {
    await page.getByRole('button', { name: 'Actions for sales.csv' }).click();
    await page.getByRole('menuitem', { name: 'Delete' }).click();
    await page.getByRole('button', { name: answer, exact: true }).click();
  };
  await remove('Keep it');
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

test('a new version is analysed and the old one stays in view', async ({ user }) => {
  const { page } = user;
  const id = await user.has(SALES);
  await page.goto(`/upload?dataset=${id}`);
  const calm = `date,revenue\n${Array.from({ length: 20 }, (_, day) => `2024-01-${String(day + 1).padStart(2, '0')},${24000 + day}`).join('\n')}\n`;
  await page
    .getByLabel('Choose a file')
    .setInputFiles({ name: 'calm.csv', mimeType: 'text/csv', buffer: Buffer.from(calm) });
  await page.getByRole('button', { name: 'Upload and analyse' }).click();
  await page.getByRole('link', { name: 'Open the analysis' }).click();
  await expect(page.getByRole('heading', { name: 'No anomaly found' })).toBeVisible();
  await page.getByRole('button', { name: 'Version 2' }).click();
  await page.getByRole('menuitem', { name: /Version 1/ }).click();
  await expect(page).toHaveURL(/version=1/);
  await expect(page.getByRole('table', { name: 'Anomalies' }).locator('tbody').getByRole('row')).toHaveCount(
    3,
  );
  await expect(page.getByText('You are viewing version 1; the newest is version 2.')).toBeVisible();
});

test('an example opens with one click', async ({ user }) => {
  const { page } = user;
  await page.goto('/datasets');
  await page.getByRole('button', { name: 'Open the example Store footfall' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Store footfall' })).toBeVisible();
  await expect(page.getByRole('heading', { name: 'What stands out' })).toBeVisible();
});

test('rows are appended, and other columns are refused in words', async ({ user }) => {
  const { page } = user;
  const id = await user.has(SALES);
  const file = (name: string, text: string) => ({ name, mimeType: 'text/csv', buffer: Buffer.from(text) });
  await page.goto(`/upload?dataset=${id}`);
  await page.getByLabel('Choose a file').setInputFiles(file('wrong.csv', 'date,revenue\n2024-01-28,24100\n'));
  await page.getByText('Append rows').click();
  await expect(page.getByRole('combobox', { name: 'Time zone' })).toHaveCount(0);
  await page.getByRole('button', { name: 'Upload and analyse' }).click();
  await expect(page.getByText('it lacks column “orders”')).toBeVisible();
  await page.getByRole('button', { name: 'Choose another file' }).click();
  await page
    .getByLabel('Choose a file')
    .setInputFiles(file('more.csv', 'date,revenue,orders\n2024-01-27,9000,40\n2024-01-28,24100,121\n'));
  await page.getByText('Append rows').click();
  await page.getByRole('button', { name: 'Upload and analyse' }).click();
  await expect(
    page.getByText('Rows added to version 1: 2 new, 6 kept, 1 replaced at 1 time that both have.'),
  ).toBeVisible();
});
