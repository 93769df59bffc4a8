// Versions of a dataset: uploaded, listed, opened, compared, brought back, added to.
import type { Locator, Page } from '@playwright/test';
import { expect, test } from './fixtures';
import { looked } from './looks';
import { rowOf, rows } from './saying';
import { EVENTS, OUTAGE, shop, written } from './shop';

const { [OUTAGE]: _, ...CALMER } = EVENTS;
const SECOND = { ...CALMER, '2024-02-20': { visits: 3_200 }, '2024-03-03': { visits: 1_900 } };
const REPLACED_FROM = 97; // the days the added file shares with the version before: three of them

const csv = (name: string, text: string) => ({ name, mimeType: 'text/csv', buffer: Buffer.from(text) });
const picker = (page: Page, version: string) => page.getByRole('button', { name: version, exact: true });

async function chosen(page: Page, file: ReturnType<typeof csv>): Promise<void> {
  await page.getByLabel('Choose a file').setInputFiles(file);
  await expect(page.getByRole('region', { name: 'First rows of the file' })).toBeVisible();
}

async function opened(page: Page, version: string): Promise<void> {
  await page.getByRole('link', { name: 'Open analysis' }).click();
  await expect(picker(page, version)).toBeVisible();
  await expect(rows(page).first()).toBeVisible();
}

test('versions are uploaded, opened, compared, brought back and added to', async ({
  user,
  profile,
}, testInfo) => {
  const { page } = user;
  const picture = (name: string, spot?: Locator) =>
    profile === 'embedded' ? looked(page, name, spot) : Promise.resolve();
  const id = await user.has(await written(testInfo.outputPath('visits.csv'), shop(100)));
  const data = { metric: 'visits', date: OUTAGE, verdict: 'expected', reason: 'Stocktaking' };
  await page.request.put(`/api/analytics/${id}/verdicts`, { headers: user.headers, data });

  await test.step('a new file is the next version; a verdict on what it lacks can still be taken back', async () => {
    await page.goto(`/upload?dataset=${id}`);
    await chosen(page, csv('second.csv', shop(100, SECOND)));
    await page.getByRole('button', { name: 'Upload and analyse' }).click();
    await opened(page, 'Version 2');
    await expect(rowOf(page, '20 Feb 2024')).toBeVisible();
    await expect(rowOf(page, '11 Feb 2024')).toHaveCount(0);
    const apart = page.getByRole('region', { name: 'Verdicts on other times' });
    await expect(apart).toContainText('No anomaly on 11 Feb 2024. Your verdict: Expected, Stocktaking');
    await picture('verdict-apart', apart);
    await page.getByRole('button', { name: 'Withdraw the verdict of 11 Feb 2024' }).click();
    await expect(apart).toBeHidden();
  });

  await test.step('an older one is opened, and says that it is old', async () => {
    await picker(page, 'Version 2').click();
    await expect(page.getByRole('menuitem', { name: /^Version 2, the newest/ })).toBeVisible();
    await picture('versions-listed');
    await page.getByRole('menuitem', { name: /^Version 1/ }).click();
    await expect(page).toHaveURL(/version=1/);
    await expect(picker(page, 'Version 1 (older)')).toBeVisible();
    await expect(page.getByText('Older version.')).toBeVisible();
    await expect(rowOf(page, '11 Feb 2024')).toBeVisible();
    await expect(page.getByRole('button', { name: 'Re-analyse' })).toBeDisabled();
    await picture('version-older');
  });

  await test.step('two are compared, and what differs is shown in its version', async () => {
    await picker(page, 'Version 1 (older)').click();
    await page.getByRole('menuitem', { name: 'Compare versions' }).click();
    const dialog = page.getByRole('dialog', { name: 'Compare versions: Visits' });
    await expect(dialog.getByRole('table', { name: 'Figures' })).toContainText('Maximum2,9003,200+300');
    await expect(dialog.getByRole('region', { name: 'New in version 2' })).toContainText('20 Feb 2024');
    await expect(dialog.getByRole('region', { name: 'Changed' })).toContainText('before: 2,300');
    await picture('versions-compared');
    const gone = dialog.getByRole('region', { name: 'Gone since version 1' });
    await gone.getByRole('button', { name: 'Show the anomaly of 11 Feb 2024' }).click();
    await expect(page.getByRole('heading', { name: 'High: dip' })).toBeVisible();
    await expect(page).toHaveURL(/version=1.*anomaly=/);
  });

  await test.step('the older one is brought back after a question', async () => {
    const ask = page.getByRole('button', { name: 'Restore' });
    await ask.click();
    const dialog = page.getByRole('dialog', { name: 'Restore version 1?' });
    await expect(dialog).toContainText('become version 3, the newest');
    await picture('version-restoring');
    await page.keyboard.press('Escape');
    await expect(dialog).toBeHidden();
    await ask.click();
    await dialog.getByRole('button', { name: 'Restore' }).click();
    await expect(picker(page, 'Version 3')).toBeVisible();
    await expect(rowOf(page, '11 Feb 2024')).toBeVisible();
    await expect(page).not.toHaveURL(/version=/);
  });

  await test.step('rows are added; other columns are refused in words', async () => {
    await page.goto(`/upload?dataset=${id}`);
    await chosen(page, csv('wrong.csv', 'date,visits\n2024-04-12,1900\n2024-04-13,1905\n'));
    await page.getByText('Keep and add').click();
    await expect(page.getByRole('combobox', { name: 'Time zone' })).toHaveCount(0);
    await page.getByRole('button', { name: 'Upload and analyse' }).click();
    await expect(page.getByText('missing columns “orders”, “event”')).toBeVisible();
    await page.getByRole('button', { name: 'Choose another file' }).click();
    await chosen(page, csv('more.csv', shop(106, EVENTS, REPLACED_FROM)));
    await page.getByText('Keep and add').click();
    await picture('rows-added', page.getByText('Existing rows'));
    await page.getByRole('button', { name: 'Upload and analyse' }).click();
    const added = '9 rows added to version 3; 3 earlier rows for the same times replaced, 97 kept.';
    await expect(page.getByText(added)).toBeVisible();
    await opened(page, 'Version 4');
    await expect(page.getByRole('main')).toContainText('106 rows from 1 Jan 2024 to 15 Apr 2024');
    await page.getByRole('button', { name: /^About this analysis/ }).click();
    await expect(page.getByText(added)).toBeVisible();
  });
});
