// Every page, in both colour schemes and on a phone: no accessibility violation, nothing wider than the screen.
import { expect } from '@playwright/test';
import { SALES, test } from './fixtures';
import { holds, LOOKS, tooWide } from './holds';

const GUEST_PAGES = [
  { name: 'sign-in', path: '/login' },
  { name: 'register', path: '/register' },
];
const PAGES = [
  { name: 'datasets-empty', path: '/datasets' },
  { name: 'upload', path: '/upload' },
  { name: 'reports-empty', path: '/reports' },
  { name: 'not-found', path: '/nowhere' },
];

const DAYS = Array.from(
  { length: 28 },
  (_, day) => `2024-02-${String(day + 1).padStart(2, '0')},${100 + day}`,
);
const ONE_BAD_ROW = ['date,revenue', ...DAYS, '2024-03-01,lots'].join('\n');

for (const { look, colorScheme, width, height } of LOOKS) {
  test.describe(look, () => {
    test.use({ colorScheme, viewport: { width, height } });

    for (const { name, path } of GUEST_PAGES) {
      test(`${name} holds`, async ({ page }) => {
        await page.goto(path);
        await holds(page, `${name}-${look}`);
      });
    }

    for (const { name, path } of PAGES) {
      test(`${name} holds`, async ({ user: { page } }) => {
        await page.goto(path);
        await holds(page, `${name}-${look}`);
      });
    }

    test('datasets and dataset hold', async ({ user }) => {
      const datasetId = await user.has(SALES);
      await user.page.goto('/datasets');
      await expect(user.page.getByText('sales.csv').first()).toBeVisible();
      await holds(user.page, `datasets-${look}`);
      await user.page.goto(`/datasets/${datasetId}`);
      await expect(user.page.getByRole('table', { name: 'Anomalies' })).toBeVisible();
      await holds(user.page, `dataset-${look}`);
      if (look === 'phone') {
        // A tablet: the rail is away, the tables stand beside nothing.
        await user.page.setViewportSize({ width: 820, height: 1100 });
        expect(await tooWide(user.page), 'pixels wider than a tablet').toBeLessThanOrEqual(0);
      }
    });

    test('the steps of an upload hold', async ({ user: { page } }) => {
      await page.goto('/upload');
      const file = { name: 'one-bad-row.csv', mimeType: 'text/csv', buffer: Buffer.from(ONE_BAD_ROW) };
      await page.getByLabel('Choose a file').setInputFiles(file);
      await expect(page.getByRole('region', { name: 'First rows of the file' })).toBeVisible();
      await holds(page, `upload-columns-${look}`);
      await page.getByRole('button', { name: 'Upload and analyse' }).click();
      await expect(page.getByRole('main')).toContainText('28 of 29 rows used');
      await holds(page, `upload-quality-${look}`);
    });

    test('what went wrong holds', async ({ user: { page } }) => {
      await page.goto('/datasets/5b1c2f6e-0000-4000-8000-000000000000');
      await expect(page.getByRole('heading', { name: 'Dataset not found' })).toBeVisible();
      await holds(page, `dataset-missing-${look}`);
      await page.goto('/upload');
      const broken = Buffer.from('[{"date": "2024-01-01", "revenue": 1}, {"da');
      await page
        .getByLabel('Choose a file')
        .setInputFiles({ name: 'broken.json', mimeType: 'application/json', buffer: broken });
      await page.getByRole('button', { name: 'Upload and analyse' }).click();
      await expect(page.getByRole('alert')).toContainText(/JSON/);
      await holds(page, `upload-failed-${look}`);
      await page.route(/\/api\/datasets\?/, (route) => route.abort('connectionrefused'));
      await page.goto('/datasets');
      await expect(page.getByRole('alert')).toContainText('Driftline cannot be reached');
      await holds(page, `datasets-unreachable-${look}`);
    });

    test('reports hold', async ({ user }) => {
      const { page } = user;
      await page.goto(`/datasets/${await user.has(SALES)}`);
      const saved = page.waitForEvent('download');
      await page.getByRole('button', { name: 'Download report' }).click();
      await page.getByRole('menuitem', { name: /PDF/ }).click();
      await saved;
      await page.goto('/reports');
      await expect(page.getByRole('table', { name: 'Reports' })).toBeVisible();
      await holds(page, `reports-made-${look}`);
    });
  });
}
