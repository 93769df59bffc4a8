// Verdicts: shown everywhere, effective, stored, withdrawn, and private to their account.
import { readFileSync } from 'node:fs';
import type { Locator } from '@playwright/test';
import { expect, test, User } from './fixtures';
import { looked } from './looks';
import { explain, figures, rowOf, rows, said, verdict } from './saying';
import { CROWD, NEW_LEVEL, OUTAGE, SALE, shop, written } from './shop';

const LONG_REASON = `<img src=x onerror="document.title='hacked'"> مبيعات خاصة ${'very '.repeat(80)}long`;

test('verdicts act, show everywhere, and are kept', async ({ user, browser, server, profile }, testInfo) => {
  const { page } = user;
  const path = await written(testInfo.outputPath('visits.csv'), shop(100));
  const id = await user.has(path);
  const picture = (name: string, spot?: Locator) =>
    profile === 'embedded' ? looked(page, name, spot) : Promise.resolve();
  const form = page.getByRole('heading', { name: 'Was this real?' });
  await page.goto(`/datasets/${id}`);
  await expect(rows(page)).toHaveCount(4);
  await expect(figures(page)).toContainText('Open anomalies4');

  await test.step('the file suggests the reason, and a key says and unsays the verdict', async () => {
    await explain(page, '21 Jan 2024');
    await expect(page.getByLabel('Reason')).toHaveValue('flash sale');
    await expect(page.getByText('From column “event” of the file')).toBeVisible();
    await picture('verdict-suggested', form);
    await said(page, () => page.keyboard.press('2'));
    await expect(verdict(page, 'Expected')).toHaveAttribute('aria-pressed', 'true');
    await expect(rowOf(page, '21 Jan 2024')).toContainText('Expected: flash sale');
    await expect(figures(page)).toContainText('Open anomalies3');
    await expect(page.getByRole('list', { name: 'Legend' })).toContainText('Closed');
    await picture('verdict-given', form);
    await said(page, () => page.keyboard.press('2'));
    await expect(verdict(page, 'Expected')).toHaveAttribute('aria-pressed', 'false');
    await expect(figures(page)).toContainText('Open anomalies4');
    await said(page, () => verdict(page, 'Expected').click());
  });

  await test.step('each of the others, with a reason', async () => {
    await explain(page, '11 Feb 2024');
    await page.getByLabel('Reason').fill('The till was down');
    await said(page, () => verdict(page, 'Real').click());
    await expect(rowOf(page, '11 Feb 2024')).toContainText('Real: The till was down');

    await explain(page, '3 Mar 2024');
    await said(page, () => verdict(page, 'False alarm').click());
    await page.getByLabel('Reason').fill(LONG_REASON);
    await said(page, () => page.getByRole('button', { name: 'Save reason' }).click());
    await expect(rowOf(page, '3 Mar 2024')).toContainText('False alarm: <img src=x onerror=');
    await expect(page.locator('img[src="x"]')).toHaveCount(0);

    await explain(page, '21 Mar 2024');
    await said(page, () => verdict(page, 'New normal').click());
    await expect(rowOf(page, '21 Mar 2024')).toContainText('New normal');
    await page.keyboard.press('Escape');
    await expect(figures(page)).toContainText('Open anomalies1');
    await expect(figures(page)).toContainText('3 of 4 closed. 1 of 4 verdicts: real');
    const insights = page
      .getByRole('heading', { name: 'What stands out' })
      .locator('xpath=ancestor::section[1]');
    await expect(insights).toContainText('11 Feb');
    await expect(insights).not.toContainText('21 Jan');
    await picture('verdicts-table', rowOf(page, '3 Mar 2024'));
  });

  await test.step('a missed anomaly is reported by key and taken back', async () => {
    await page.keyboard.press('m');
    const time = page.getByLabel('Time (UTC)');
    await expect(time).toBeFocused();
    await time.fill('2024-05-20');
    await expect(page.getByText('This is outside the series.')).toBeVisible();
    await time.fill('2024-02-20');
    await page.getByLabel('Reason').fill('A film was shot in the street');
    await said(page, () => page.getByRole('button', { name: 'Report', exact: true }).click());
    const reported = page.getByRole('region', { name: 'Reported by you' });
    await expect(reported).toContainText('A film was shot in the street');
    await picture('missed-reported', reported);
    await said(page, () => page.getByRole('button', { name: 'Withdraw the report of 20 Feb 2024' }).click());
    await expect(reported).toBeHidden();
  });

  await test.step('all is kept through a run, a new version and a reload', async () => {
    const kept = async () => {
      await expect(rowOf(page, '21 Jan 2024')).toContainText('Expected: flash sale');
      await expect(rowOf(page, '11 Feb 2024')).toContainText('Real: The till was down');
      await expect(rowOf(page, '3 Mar 2024')).toContainText('False alarm');
      await expect(rowOf(page, '21 Mar 2024')).toContainText('New normal');
      await expect(figures(page)).toContainText('Open anomalies1');
    };
    const run = page.waitForResponse('**/api/analytics/run');
    await page.getByRole('button', { name: 'Re-analyse' }).click();
    await run;
    await kept();
    await user.has(await written(testInfo.outputPath('more.csv'), shop(103)), id);
    await page.reload();
    await expect(page.getByRole('button', { name: 'Version 2' })).toBeVisible();
    await kept();
  });

  await test.step('the report and the list know of them', async () => {
    const saved = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download report' }).click();
    await page.getByRole('menuitem', { name: /CSV/ }).click();
    const report = readFileSync(await (await saved).path(), 'utf8').split('\n');
    const line = (date: string) => report.find((text) => text.includes(date)) ?? '';
    expect(line(SALE)).toContain('expected,flash sale');
    expect(line(OUTAGE)).toContain('confirmed,The till was down');
    expect(line(CROWD)).toContain('false_alarm');
    expect(line(NEW_LEVEL)).toContain('new_normal');
    await page.goto('/datasets');
    await expect(page.getByRole('row', { name: /visits\.csv|more\.csv/ })).toContainText('2');
  });

  await test.step('another account can neither read nor give them', async () => {
    const elsewhere = await browser.newContext({ baseURL: server.url });
    const stranger = await User.signedIn(await elsewhere.newPage());
    const where = `/api/analytics/${id}/verdicts`;
    const { request } = stranger.page;
    const { headers } = stranger;
    expect((await request.get(`${where}?metric=visits`, { headers })).status()).toBe(404);
    const data = { metric: 'visits', date: OUTAGE, verdict: 'false_alarm' };
    expect((await request.put(where, { headers, data })).status()).toBe(404);
    await elsewhere.close();
    await page.goto(`/datasets/${id}`);
    await expect(rowOf(page, '11 Feb 2024')).toContainText('Real: The till was down');
  });
});
