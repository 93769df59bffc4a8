// What must hold of everything that is shown, and a picture of it.
import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';
import { SCREENSHOTS } from './fixtures';

export const LOOKS = [
  { look: 'light', colorScheme: 'light', width: 1440, height: 900 },
  { look: 'dark', colorScheme: 'dark', width: 1440, height: 900 },
  { look: 'phone', colorScheme: 'light', width: 390, height: 844 },
] as const;

/** Nothing is wider than the screen, and axe finds nothing; with a picture of the whole page. */
export async function holds(page: Page, name: string): Promise<void> {
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await page.waitForLoadState('networkidle');
  await stays(page, name);
}

/** The same of a page that waits for something: one whose network never comes to rest. */
export async function stays(page: Page, name: string): Promise<void> {
  // A dialog covers the window, not the page below its edge.
  const fullPage = (await page.getByRole('dialog').count()) === 0;
  await page.screenshot({ path: `${SCREENSHOTS}/${name}.png`, fullPage, animations: 'disabled' });
  expect(await tooWide(page), 'pixels wider than the screen').toBeLessThanOrEqual(0);
  expect(await overflowing(page), 'charts that reach beyond their place').toEqual([]);
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => ({ id, at: nodes.map((node) => node.target.join(' ')) }))).toEqual(
    [],
  );
}

export function tooWide(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
}

/** Charts drawn larger than the place they have: they would lie over what stands below. */
function overflowing(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll('.js-plotly-plot')]
      .filter((plot) => (plot.querySelector('svg')?.clientHeight ?? 0) > plot.clientHeight + 1)
      .map((plot) => `${plot.getAttribute('aria-label')}`),
  );
}
