// A state of the page as its readers see it: light, dark, on a phone; each without an accessibility violation.
import AxeBuilder from '@axe-core/playwright';
import { expect, type Locator, type Page } from '@playwright/test';
import { SCREENSHOTS } from './fixtures';

const DESK = { width: 1440, height: 900 };
const PHONE = { width: 390, height: 844 };
const LOOKS = [
  { look: 'light', colorScheme: 'light', size: DESK },
  { look: 'dark', colorScheme: 'dark', size: DESK },
  { look: 'phone', colorScheme: 'dark', size: PHONE },
] as const;
// `PICTURES=1` takes all three. Each redraws every chart twice, which is more than a run of all tests has time for.
const WANTED = process.env.PICTURES ? LOOKS : LOOKS.slice(0, 1);

/** Judge the state in each look, pictured where `spot` is, and leave the page as it was. */
export async function looked(page: Page, name: string, spot?: Locator): Promise<void> {
  for (const { look, colorScheme, size } of WANTED) {
    if (process.env.PICTURES) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize(size);
    }
    await settled(page);
    await spot?.evaluate((element) => element.scrollIntoView({ block: 'center' }));
    await page.screenshot({ path: `${SCREENSHOTS}/${name}-${look}.png` });
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect.soft(wide, `${name}, ${look}: pixels wider than the screen`).toBeLessThanOrEqual(0);
    const { violations } = await new AxeBuilder({ page }).exclude('[role="tooltip"]').analyze();
    const found = violations.map(
      ({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`,
    );
    expect.soft(found, `${name}, ${look}`).toEqual([]);
  }
  if (!process.env.PICTURES) return;
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize(DESK);
}

/** What moves is judged when it has arrived. */
async function settled(page: Page): Promise<void> {
  await page.waitForFunction(() =>
    document.getAnimations().every(({ playState }) => playState !== 'running'),
  );
}
