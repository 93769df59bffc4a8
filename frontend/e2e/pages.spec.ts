// Every page, in both colour schemes and on a phone: no accessibility violation, nothing wider than the screen.
import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';
import { SALES, SCREENSHOTS, test } from './fixtures';

const LOOKS = [
  { look: 'light', colorScheme: 'light', width: 1440, height: 900 },
  { look: 'dark', colorScheme: 'dark', width: 1440, height: 900 },
  { look: 'phone', colorScheme: 'light', width: 390, height: 844 },
] as const;

const GUEST_PAGES = [
  { name: 'sign-in', path: '/login' },
  { name: 'register', path: '/register' },
];
const PAGES = [
  { name: 'datasets-empty', path: '/datasets' },
  { name: 'upload', path: '/upload' },
  { name: 'reports', path: '/reports' },
  { name: 'not-found', path: '/nowhere' },
];

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
  });
}

async function holds(page: Page, name: string): Promise<void> {
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await page.waitForLoadState('networkidle');
  await page.screenshot({ path: `${SCREENSHOTS}/${name}.png`, fullPage: true, animations: 'disabled' });
  expect(await tooWide(page), 'pixels wider than the screen').toBeLessThanOrEqual(0);
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => ({ id, at: nodes.map((node) => node.target.join(' ')) }))).toEqual(
    [],
  );
}

function tooWide(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
}
