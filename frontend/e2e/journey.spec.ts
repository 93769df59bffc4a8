// All that a user does with a dataset, from an account to its deletion, the same in both profiles.
import { readFileSync } from 'node:fs';
import { expect, newEmail, PASSWORD, SALES, test } from './fixtures';

test('from an account to a deleted dataset', async ({ page }) => {
  await page.goto('/');
  await page.getByRole('link', { name: 'Create account' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Create account' })).toBeVisible();
  await page.getByLabel('E-mail').fill(newEmail());
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Create account' }).click();
  await expect(page.getByRole('heading', { name: 'Upload your first dataset' })).toBeVisible();

  // The three steps; the status is pushed by the process that reads the file.
  await page.goto('/upload');
  await page.getByLabel('Choose a file').setInputFiles(SALES);
  await expect(page.getByRole('region', { name: 'First rows of the file' })).toContainText('89000');
  await page.getByRole('textbox', { name: 'Dataset name' }).fill('Shop in Pune');
  const stream = page.waitForResponse(/\/api\/datasets\/[^/]+\/events(\?version=1)?$/);
  await page.getByRole('button', { name: 'Upload and analyse' }).click();
  await expect(page.getByRole('main')).toContainText('All 7 rows used');
  const pushed = await (await stream).text();
  expect(pushed).toContain('"stage":"done"');
  expect(pushed).toContain('"status":"cached"');

  await page.getByRole('link', { name: 'Open analysis' }).click();
  const anomalies = page.getByRole('table', { name: 'Anomalies' }).locator('tbody').getByRole('row');
  // Exactly the three of the specification, and no word of a fourth.
  await expect(anomalies).toHaveCount(3);
  await expect(anomalies.filter({ hasText: /3 Jan/ })).toContainText('High');
  await expect(anomalies.filter({ hasText: /15 Jan/ })).toContainText('Medium');
  await expect(anomalies.filter({ hasText: /27 Jan/ })).toContainText('High');
  await expect(page.getByRole('img', { name: /Line chart of Revenue/ })).toBeVisible();

  await test.step('explanation and verdict', async () => {
    await page.keyboard.press('j');
    await expect(page.getByRole('heading', { name: 'High: spike' })).toBeVisible();
    const expected = page.getByRole('button', { name: 'Expected', exact: true });
    await expected.click();
    await expect(expected).toHaveAttribute('aria-pressed', 'true');
    await page.reload();
    await expect(anomalies.filter({ hasText: '3 Jan' })).toContainText('Expected');
    await page.keyboard.press('Escape');
  });

  await test.step('sensitivity', async () => {
    await page.getByRole('button', { name: 'Sensitivity' }).click();
    const drawer = page.getByRole('dialog', { name: 'Sensitivity' });
    await expect(drawer).toContainText(/\d of 7 points/);
    await drawer.getByText('Drops').click();
    await drawer.getByRole('button', { name: 'Apply' }).click();
    await expect(page).toHaveURL(/direction=down/);
    await expect(anomalies).toHaveCount(1);
  });

  await test.step('report', async () => {
    const saved = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download report' }).click();
    await page.getByRole('menuitem', { name: /PDF/ }).click();
    const report = readFileSync(await (await saved).path());
    expect(report.subarray(0, 5).toString()).toBe('%PDF-');
  });

  await test.step('deletion', async () => {
    const address = page.url();
    await page.getByRole('button', { name: 'More', exact: true }).click();
    await page.getByRole('menuitem', { name: 'Delete' }).click();
    await page.getByRole('button', { name: 'Delete', exact: true }).click();
    await expect(page.getByRole('heading', { name: 'Upload your first dataset' })).toBeVisible();
    // It could be undone until the page is left; then it is on its way.
    await expect(async () => {
      await page.goto(address);
      await expect(page.getByRole('main')).toContainText('Dataset not found', { timeout: 10_000 });
    }).toPass();
  });
});
