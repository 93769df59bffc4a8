// Several metrics of one dataset on one time axis: what is done in one panel happens in all.
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, SALES, SCREENSHOTS, test, type User } from './fixtures';

async function compared(user: User, search = '?compare=revenue&compare=orders'): Promise<Page> {
  const id = await user.has(SALES);
  await user.page.goto(`/datasets/${id}${search}`);
  await expect(user.page.getByRole('heading', { name: 'Metrics on one time axis' })).toBeVisible();
  await expect(user.page.getByRole('img', { name: /^Line charts one above the other/ })).toBeVisible();
  return user.page;
}

const reading = (page: Page, metric: string) => page.getByTestId(`reading of ${metric}`);

test('a button leads to all metrics, and the cursor reads them at one time', async ({ user }) => {
  const id = await user.has(SALES);
  const { page } = user;
  await page.goto(`/datasets/${id}`);
  await page.getByRole('button', { name: 'Compare metrics' }).click();
  await expect(page).toHaveURL(/compare=revenue&compare=orders/);
  await expect(page.getByRole('table', { name: 'Anomalies of these metrics' })).toContainText('Revenue');

  const slider = page.getByRole('slider', { name: 'Time to read all metrics at' });
  await slider.focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await expect(slider).toHaveAttribute('aria-valuetext', /^3 Jan 2024: Revenue 89,000; Orders \d+/);
  await expect(reading(page, 'revenue')).toContainText('89,000');

  const box = await page.getByTestId('panels').boundingBox();
  if (!box) throw new Error('the panels are not drawn');
  await page.mouse.move(box.x + box.width - 6, box.y + 100);
  await expect(reading(page, 'revenue')).toContainText('8,000');
  await expect(reading(page, 'orders')).not.toContainText('anomal');
});

test('zoom, selection and the chosen metrics are in the address, and an anomaly leads to its page', async ({
  user,
}) => {
  const page = await compared(user);
  await page.getByRole('button', { name: 'Chart menu' }).click();
  await page.getByRole('menuitem', { name: 'Zoom in' }).click();
  await page.keyboard.press('Escape');
  await expect(page).toHaveURL(/from=2024-01-.*to=2024-01-/);
  await page.getByRole('button', { name: 'Show all', exact: true }).click();
  await expect(page).not.toHaveURL(/from=/);
  await page.keyboard.press('j');
  await expect(page).toHaveURL(/anomaly=/);
  await page.reload();
  await expect(page.getByRole('slider')).toHaveAttribute('aria-valuetext', /^3 Jan 2024/);
  await page.getByRole('button', { name: 'Chart menu' }).click();
  await page.getByRole('menuitem', { name: 'Show as table' }).click();
  await expect(page.getByRole('region', { name: 'Metrics on one time axis: figures' })).toContainText(
    '89,000',
  );
  await page.getByRole('button', { name: 'Explain the anomaly of Revenue on 27 Jan 2024' }).click();
  await expect(page.getByRole('heading', { name: 'High: dip' })).toBeVisible();
  await expect(page).not.toHaveURL(/compare=/);
});

test('a sensitivity is tried on all metrics at once, and each gets its report', async ({ user }) => {
  const page = await compared(user);
  await page.getByRole('button', { name: 'Sensitivity' }).click();
  const drawer = page.getByRole('dialog', { name: 'Sensitivity' });
  await expect(drawer).toContainText(/of 14 points in 2 metrics/);
  await drawer.getByText('Drops').click();
  await expect(drawer).toContainText('fewer than now');
  await expect(drawer.getByRole('listitem').first()).toContainText(/Revenue|Orders/);
  await drawer.getByRole('button', { name: 'Apply' }).click();
  await expect(page).toHaveURL(/direction=down/);
  await expect(page).toHaveURL(/compare=revenue&compare=orders/);
  const names: string[] = [];
  page.on('download', (download) => names.push(download.suggestedFilename()));
  await page.getByRole('button', { name: 'Download report' }).click();
  await page.getByRole('menuitem', { name: /CSV/ }).click();
  await expect.poll(() => names.length).toBe(2);
  expect(names.filter((name) => /revenue/.test(name))).toHaveLength(1);
});

for (const { look, colorScheme, width } of [
  { look: 'light', colorScheme: 'light', width: 1440 },
  { look: 'dark', colorScheme: 'dark', width: 1440 },
  { look: 'phone', colorScheme: 'light', width: 390 },
] as const) {
  test.describe(look, () => {
    test.use({ colorScheme, viewport: { width, height: 900 } });

    test('compared metrics hold', async ({ user }) => {
      const page = await compared(user);
      await page.keyboard.press('j');
      await page.screenshot({ path: `${SCREENSHOTS}/compare-metrics-${look}.png`, fullPage: true });
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      expect(wide, 'pixels wider than the screen').toBeLessThanOrEqual(0);
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(
        violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' '))}`),
      ).toEqual([]);
    });
  });
}
