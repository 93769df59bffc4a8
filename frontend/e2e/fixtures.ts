// What every specification starts from: a running server, and someone who has an account there.
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { type APIResponse, test as base, type Page } from '@playwright/test';
import { type Server, startCloud, startEmbedded } from './server';

export { expect } from '@playwright/test';

const DATA = resolve(import.meta.dirname, '../../tests/data');
export const SALES = resolve(DATA, 'sales.csv');
export const SCREENSHOTS = resolve(process.env.RESULTS ?? '../test-results', 'screenshots');
export const PASSWORD = 'correct horse battery';
const PROCESSING_LIMIT_MS = 30_000;

export interface OfWorker {
  /** Which composition is tested: set by the project in playwright.config.ts. */
  profile: 'embedded' | 'cloud';
  server: Server;
}

interface OfTest {
  /** Someone new, signed in, on the list of datasets. */
  user: User;
}

export const test = base.extend<OfTest, OfWorker>({
  profile: ['embedded', { option: true, scope: 'worker' }],
  server: [
    async ({ profile }, use) => {
      const server = await (profile === 'cloud' ? startCloud() : startEmbedded());
      await use(server);
      await server.stop();
    },
    { scope: 'worker', timeout: 300_000 },
  ],
  baseURL: async ({ server }, use) => use(server.url),
  user: async ({ page }, use) => use(await User.signedIn(page)),
});

/** A signed-in user. Steps that a specification does not test go through the API, without clicks. */
export class User {
  private constructor(
    readonly page: Page,
    private readonly token: string,
  ) {}

  static async signedIn(page: Page): Promise<User> {
    const account = { email: newEmail(), password: PASSWORD };
    await answered(page.request.post('/api/auth/register', { data: account }));
    const session = await answered(page.request.post('/api/auth/login', { data: account }));
    await page.goto('/datasets');
    return new User(page, session.accessToken);
  }

  /** Uploads a file, as a new dataset or version, and waits until it is processed; returns the dataset's id. */
  async has(path: string, existing?: string): Promise<string> {
    const file = { name: basename(path), mimeType: 'text/csv', buffer: readFileSync(path) };
    const into: Record<string, string> = existing ? { datasetId: existing } : {};
    const sent = { multipart: { ...into, datasetName: basename(path), file }, headers: this.headers };
    const uploaded = await answered(this.page.request.post('/api/datasets/upload', sent));
    const deadline = Date.now() + PROCESSING_LIMIT_MS;
    while (Date.now() < deadline) {
      const dataset = await answered(
        this.page.request.get(`/api/datasets/${uploaded.datasetId}`, { headers: this.headers }),
      );
      if (dataset.status === 'failed') throw new Error(`${path}: ${JSON.stringify(dataset.failure)}`);
      const isDone = dataset.status === 'processed' || dataset.status === 'cached';
      if (isDone && dataset.version === uploaded.version) return uploaded.datasetId;
      await this.page.waitForTimeout(50);
    }
    throw new Error(`${path} is not processed after ${PROCESSING_LIMIT_MS / 1000} s`);
  }

  get headers(): Record<string, string> {
    return { Authorization: `Bearer ${this.token}` };
  }
}

export function newEmail(): string {
  return `${randomUUID()}@example.com`;
}

async function answered(call: Promise<APIResponse>) {
  const answer = await call;
  if (!answer.ok()) throw new Error(`${answer.url()}: ${answer.status()} ${await answer.text()}`);
  return answer.json();
}
