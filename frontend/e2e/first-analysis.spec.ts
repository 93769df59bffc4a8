import { expect, newEmail, PASSWORD, SALES, test } from './fixtures';

test('a new user registers, uploads the example and sees exactly its three anomalies', async ({ page }) => {
  await page.goto('/');
  await page.getByRole('link', { name: 'Make an account' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Make an account' })).toBeVisible();
  await page.getByLabel('E-mail').fill(newEmail());
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Make the account' }).click();
  await expect(page).toHaveURL(/\/datasets$/);

  await page.goto('/upload');
  await page.getByLabel('Choose a file').setInputFiles(SALES);
  await expect(page.getByRole('region', { name: 'First rows of the file' })).toContainText('89000');
  await page.getByRole('button', { name: 'Upload and analyse' }).click();
  await page.getByRole('link', { name: 'Open the analysis' }).click();

  // Exactly the three of the specification, and no word of a fourth.
  const found = page.getByRole('table', { name: 'Anomalies' }).locator('tbody').getByRole('row');
  await expect(found).toHaveCount(3);
  await expect(found.filter({ hasText: /3 Jan/ })).toContainText('High');
  await expect(found.filter({ hasText: /15 Jan/ })).toContainText('Medium');
  await expect(found.filter({ hasText: /27 Jan/ })).toContainText('High');
});

test('a session survives a reload and ends with signing out', async ({ user }) => {
  const { page } = user;
  await page.reload();
  await expect(page.getByRole('heading', { level: 1, name: 'Datasets' })).toBeVisible();
  await page.getByRole('button', { name: /account|@/i }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await expect(page).toHaveURL(/\/login/);
  await page.goto('/datasets');
  await expect(page).toHaveURL(/\/login/);
});
