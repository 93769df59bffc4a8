// What every specification starts from: a running server, and someone who has an account there.
import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import { test as base, type Page } from '@playwright/test';
import { type Server, startServer } from './server';

export { expect } from '@playwright/test';

export const DATA = resolve(import.meta.dirname, '../../tests/data');
export const SCREENSHOTS = resolve(process.env.RESULTS ?? '../test-results', 'screenshots');
export const PASSWORD = 'correct horse battery';

interface OfWorker {
  server: Server;
}

interface OfTest {
  /** Registered through the API, signed in: every test has its own account. */
  signedIn: Page;
}

export const test = base.extend<OfTest, OfWorker>({
  server: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures asked for from this pattern
    async ({}, use) => {
      const server = await startServer();
      await use(server);
      await server.stop();
    },
    { scope: 'worker' },
  ],
  baseURL: async ({ server }, use) => use(server.url),
  signedIn: async ({ page }, use) => {
    await signUp(page);
    await use(page);
  },
});

/** Registers a new account in the page's own browser context and leaves the page on its first screen. */
export async function signUp(page: Page, email = newEmail()): Promise<string> {
  const account = { email, password: PASSWORD };
  for (const call of ['register', 'login']) {
    const answer = await page.request.post(`/api/auth/${call}`, { data: account });
    if (!answer.ok()) throw new Error(`${call}: ${answer.status()} ${await answer.text()}`);
  }
  await page.goto('/datasets');
  return email;
}

export function newEmail(): string {
  return `${randomUUID()}@example.com`;
}
