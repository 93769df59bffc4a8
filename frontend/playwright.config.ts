import { defineConfig } from '@playwright/test';
import type { OfWorker } from './e2e/fixtures';

// `make test` says where the browser is and where results go; by hand: CHROMIUM=/usr/bin/chromium npm run e2e
const results = process.env.RESULTS ?? '../test-results';

export default defineConfig<object, OfWorker>({
  testDir: 'e2e',
  outputDir: `${results}/e2e`,
  // One worker has one server with one data folder: two of each fit the two cores CI has.
  workers: 2,
  fullyParallel: false,
  forbidOnly: true,
  retries: 0,
  // Generous: a busy machine is no failure, and a page that never shows what it should still fails.
  timeout: process.env.PICTURES ? 1_200_000 : 180_000,
  expect: { timeout: 45_000 },
  projects: [
    { name: 'embedded', use: { profile: 'embedded' }, testIgnore: '**/cloud/**' },
    {
      // Where the two profiles could differ for a user: the journey from end to end, and who sees what.
      name: 'cloud',
      use: { profile: 'cloud' },
      testMatch: [
        '**/journey.spec.ts',
        '**/privacy.spec.ts',
        '**/reports.spec.ts',
        '**/verdicts.spec.ts',
        '**/versions.spec.ts',
        '**/slow-network.spec.ts',
        '**/bad-files.spec.ts',
        '**/restart.spec.ts',
        '**/cloud/**',
      ],
      workers: 1, // one stack for all of them
    },
  ],
  reporter: [['list'], ['json', { outputFile: `${results}/playwright.json` }]],
  use: {
    locale: 'en-GB',
    timezoneId: 'Europe/Berlin',
    viewport: { width: 1440, height: 900 },
    screenshot: 'only-on-failure',
    trace: 'retain-on-failure',
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      // Nothing but the page may go out to the network; containers give Chromium neither a sandbox nor a GPU.
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
});
