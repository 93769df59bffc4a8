// A server of one's own that a specification loses (kill -9) and starts again, and work that takes a while.
import { writeFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { test as base, expect } from './fixtures';
import { type MortalServer, startCloudStack, startEmbedded } from './server';

const ROWS = 200_000; // a few megabytes and a second's work: long enough to be in the middle of either

export const test = base.extend<{ big: string }, { own: MortalServer }>({
  own: [
    async ({ profile }, use) => {
      const own = await (profile === 'cloud' ? startCloudStack() : startEmbedded());
      await use(own);
      await own.stop();
    },
    { scope: 'worker', timeout: 300_000 },
  ],
  server: [async ({ own }, use) => use(own), { scope: 'worker' }],
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures asked for from this pattern
  big: async ({}, use, testInfo) => {
    const path = testInfo.outputPath('big.csv');
    const minute = (row: number) => new Date(Date.UTC(2024, 0, 1, 0, row)).toISOString();
    const rows = Array.from({ length: ROWS }, (_, row) => `${minute(row)},${100 + ((row * 7919) % 97)}`);
    writeFileSync(path, `time,visits\n${rows.join('\n')}\n`);
    await use(path);
  },
});

export async function chosen(page: Page, path: string): Promise<void> {
  await page.goto('/upload');
  await page.getByLabel('Choose a file').setInputFiles(path);
  await expect(page.getByRole('region', { name: 'First rows of the file' })).toBeVisible();
}
