// While an answer is not there yet: skeletons, nothing done twice, and a way out of a long upload.
import { expect, newEmail, PASSWORD, SALES, test } from './fixtures';
import { heldBack, slowed } from './network';

const DAYS = Array.from({ length: 60_000 }, (_, row) => `${1_600_000_000 + 60 * row},${row % 97}`);
const LONG = {
  name: 'long.csv',
  mimeType: 'text/csv',
  buffer: Buffer.from(`time,visits\n${DAYS.join('\n')}\n`),
};

test('the list and the dataset show where things will stand until they are there', async ({ user }) => {
  const { page } = user;
  const id = await user.has(SALES);
  const list = await heldBack(page, /\/api\/datasets\?/);
  await page.goto('/datasets');
  await expect(page.getByText('Loading your datasets')).toBeAttached();
  await list.release();
  await expect(page.getByRole('link', { name: 'sales.csv', exact: true })).toBeVisible();

  const analysis = await heldBack(page, /\/api\/analytics\//);
  await page.getByRole('link', { name: 'sales.csv', exact: true }).click();
  await expect(page).toHaveURL(new RegExp(`/datasets/${id}`));
  await expect(page.getByRole('heading', { level: 1, name: 'sales.csv' })).toBeVisible();
  await expect(page.getByText('Loading the analysis')).toBeAttached();
  await analysis.release();
  await expect(page.getByRole('table', { name: 'Anomalies' })).toBeVisible();
});

test('an impatient second click registers, uploads and deletes once', async ({ page, profile }) => {
  const registered = await heldBack(page, '**/api/auth/register');
  await page.goto('/register');
  await page.getByLabel('E-mail').fill(newEmail());
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Create account' }).dblclick();
  await page.getByLabel('E-mail').press('Enter');
  await expect.poll(() => registered.count).toBe(1);
  await registered.release();
  await expect(page.getByRole('heading', { name: 'Upload your first dataset' })).toBeVisible();
  expect(registered.count).toBe(1);

  const uploaded = await heldBack(
    page,
    profile === 'cloud' ? '**/api/datasets/upload-url' : '**/api/datasets/upload',
  );
  await page.goto('/upload');
  await page.getByLabel('Choose a file').setInputFiles(SALES);
  await page.getByRole('button', { name: 'Upload and analyse' }).dblclick();
  await expect(page.getByRole('button', { name: 'Cancel' })).toBeVisible();
  await uploaded.release();
  await page.getByRole('link', { name: 'Open analysis' }).click();
  await expect(page.getByRole('table', { name: 'Anomalies' })).toBeVisible();
  expect(uploaded.count).toBe(1);

  let deleted = 0;
  page.on('request', (request) => {
    if (request.method() === 'DELETE') deleted += 1;
  });
  await page.getByRole('button', { name: 'More', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await page.getByRole('button', { name: 'Delete', exact: true }).dblclick();
  await expect(page.getByRole('heading', { name: 'Upload your first dataset' })).toBeVisible();
  await expect.poll(() => deleted).toBe(1); // when it can no longer be undone
  await expect(page.getByRole('button', { name: 'Undo' })).toHaveCount(0);
  expect(deleted).toBe(1);
});

test('a long upload is cancelled, nothing of it is kept, and it can be sent again', async ({
  user: { page },
}) => {
  const fullSpeed = await slowed(page, 50_000);
  await page.goto('/upload');
  await page.getByLabel('Choose a file').setInputFiles(LONG);
  await expect(page.getByRole('region', { name: 'First rows of the file' })).toBeVisible();
  await page.getByRole('button', { name: 'Upload and analyse' }).click();
  await expect(page.getByText(/\d% of \d+ kB/)).toBeVisible();
  await page.getByRole('button', { name: 'Cancel' }).click();
  const cancelled = 'The upload was cancelled. Nothing was saved.';
  await expect(page.getByRole('status').filter({ hasText: cancelled })).toBeVisible();
  await fullSpeed();
  await page.getByRole('button', { name: 'Upload and analyse' }).click();
  await expect(page.getByRole('main')).toContainText('All 60,000 rows used');
  await page.goto('/datasets');
  await expect(page.getByRole('table').locator('tbody').getByRole('row')).toHaveCount(1);
});

test('an upload without a connection says so and is sent when there is one again', async ({
  user: { page },
}) => {
  await page.goto('/upload');
  await page.getByLabel('Choose a file').setInputFiles(SALES);
  await expect(page.getByRole('region', { name: 'First rows of the file' })).toBeVisible();
  await page.context().setOffline(true);
  await page.getByRole('button', { name: 'Upload and analyse' }).click();
  await expect(page.getByRole('alert')).toContainText('Check your connection');
  await page.context().setOffline(false);
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByRole('main')).toContainText('All 7 rows used');
});
