// Where an anomaly comes from: the values of the file's other columns, beside the explanation.
import { writeFile } from 'node:fs/promises';
import AxeBuilder from '@axe-core/playwright';
import { expect, test } from './fixtures';

const DAYS = 140;
const BROKEN = 100;

/** Revenue of three regions and three plans; on one day the North falls to a fifth. */
function orders(): string {
  const rows = Array.from({ length: DAYS }, (_, day) => {
    const date = new Date(Date.UTC(2024, 0, 1 + day)).toISOString().slice(0, 10);
    return ['North', 'South', ''].flatMap((region, r) =>
      ['free', 'pro', 'team'].map((plan, p) => {
        const usual = 100 + ((day * 7919 + r * 31 + p * 17) % 11);
        return `${date},${region},${plan},${region === 'North' && day === BROKEN ? usual / 5 : usual}`;
      }),
    );
  });
  return ['date,region,plan,revenue', ...rows.flat()].join('\n');
}

test('an anomaly names the value it comes from, with the share of each value', async ({ user }, testInfo) => {
  const path = testInfo.outputPath('orders.csv');
  await writeFile(path, orders());
  const id = await user.has(path);
  const page = user.page;
  await page.goto(`/datasets/${id}`);
  await page.getByRole('button', { name: 'Explain the anomaly of 10 Apr 2024' }).click();
  const where = page.getByRole('region', { name: 'Where it comes from' });
  await expect(where.getByText(/^North in region explains (all|\d+%) of the drop: /)).toBeVisible();
  await expect(where.getByRole('listitem').first()).toContainText('North');
  await where.getByLabel('Values of').selectOption('plan');
  await expect(where.getByRole('listitem')).toHaveCount(3);
  const found = await new AxeBuilder({ page }).include('[aria-label="Where it comes from"]').analyze();
  expect(found.violations).toEqual([]);
  await page.setViewportSize({ width: 390, height: 844 });
  await expect(where).toBeVisible();
  await expect
    .poll(() => page.evaluate(() => document.documentElement.scrollWidth)) // the chart follows a moment later
    .toBeLessThanOrEqual(390);
});

test('a value is a filter: by its bar, its chip, the list and the address', async ({ user }, testInfo) => {
  const path = testInfo.outputPath('orders.csv');
  await writeFile(path, orders());
  const id = await user.has(path);
  const page = user.page;
  await page.goto(`/datasets/${id}`);
  await page.getByRole('button', { name: 'Explain the anomaly of 10 Apr 2024' }).click();
  const where = page.getByRole('region', { name: 'Where it comes from' });
  await where.getByRole('button', { name: 'North' }).click();
  const chip = page.getByRole('button', { name: 'Remove the filter region: North' });
  await expect(chip).toBeVisible();
  await expect(page).toHaveURL(/where=region%3ANorth/);
  await page.getByLabel('Filter rows by a value').selectOption({ label: 'pro' });
  await expect(page.getByRole('button', { name: 'Remove the filter plan: pro' })).toBeVisible();
  await page.reload();
  await expect(page.getByRole('button', { name: 'Explain the anomaly of 10 Apr 2024' })).toBeVisible();
  const found = await new AxeBuilder({ page }).include('[aria-label="Rows"]').analyze();
  expect(found.violations).toEqual([]);
  await chip.click();
  await expect(chip).toHaveCount(0);
  await expect(page).not.toHaveURL(/region%3ANorth/);
});
