// What each column is for, said before the file is sent.
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { expect, test } from './fixtures';
import { looked } from './looks';

test('roles of columns are chosen by keyboard in the preview and hold for the dataset', async ({
  user: { page },
}, testInfo) => {
  const path = testInfo.outputPath('shops.csv');
  const day = (place: number) => new Date(Date.UTC(2024, 0, 1 + place)).toISOString().slice(0, 10);
  const rows = Array.from(
    { length: 60 },
    (_, place) =>
      `${day(place)},${place % 4},${100 + place},${['North', 'South'][place % 2]},${['late', 'early', 'none'][place % 3]}`,
  );
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `date,floor,revenue,region,remark\n${rows.join('\n')}\n`);
  await page.goto('/upload');
  await page.getByLabel('Choose a file').setInputFiles(path);
  const role = (column: string) => page.getByRole('combobox', { name: `Role of ${column}` });
  await expect(role('remark')).toHaveValue('dimension');
  await expect(role('date')).toBeDisabled();
  await role('remark').focus();
  await page.keyboard.press('n'); // neither
  await expect(role('remark')).toHaveValue('neither');
  await role('floor').selectOption('Dimension');
  const preview = page.getByRole('region', { name: 'First rows of the file' });
  await expect(preview).toContainText('Groups rows (4 values)');
  await expect(role('remark')).toHaveValue('neither');
  await expect(role('region')).toHaveValue('dimension');
  await looked(page, 'column-roles', preview);

  await page.getByRole('button', { name: 'Upload and analyse' }).click();
  await expect(page.getByRole('main')).toContainText('All 60 rows used');
  await page.getByRole('link', { name: 'Open analysis' }).click();
  await expect(page).toHaveURL(/\/datasets\//);
  const answer = page.waitForResponse((one) => /\/api\/datasets\/[^/?]+(\?[^/]*)?$/.test(one.url()));
  await page.reload();
  const { columns } = await (await answer).json();
  const roles = Object.fromEntries(
    columns.map((one: { name: string; role: string }) => [one.name, one.role]),
  );
  expect(roles).toEqual({
    date: 'time',
    floor: 'dimension',
    revenue: 'metric',
    region: 'dimension',
    remark: 'other',
  });
});
