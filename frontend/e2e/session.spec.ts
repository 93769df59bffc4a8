// The session of a page: it outlives a reload, is renewed once, and ends when its user says so.
import { expect, SALES, test } from './fixtures';

test('a session survives a reload and ends with signing out', async ({ user }) => {
  const { page } = user;
  await page.reload();
  await expect(page.getByRole('heading', { level: 1, name: 'Datasets' })).toBeVisible();
  await page.getByRole('button', { name: /account|@/i }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await expect(page).toHaveURL(/\/login/);
  await page.goto('/datasets');
  await expect(page).toHaveURL(/\/login/);
});

test('signing out in one tab ends the session of the others', async ({ user }) => {
  const { page } = user;
  const id = await user.has(SALES);
  const other = await page.context().newPage();
  await other.goto(`/datasets/${id}`);
  await expect(other.getByRole('table', { name: 'Anomalies' })).toBeVisible();
  await page.getByRole('button', { name: /account|@/i }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await expect(other).toHaveURL(/\/login/);
});

test('requests that are refused together renew the session once', async ({ user }) => {
  const { page } = user;
  await user.has(SALES);
  await page.goto('/datasets');
  const link = page.getByRole('link', { name: 'sales.csv', exact: true });
  await expect(link).toBeVisible();
  // The token the page holds stops to count, as when its time is over; the server itself refuses it.
  let stale: string | undefined;
  let refused = 0;
  let renewed = 0;
  page.on('response', (response) => {
    if (response.status() === 401) refused += 1;
    if (response.url().endsWith('/api/auth/refresh')) renewed += 1;
  });
  await page.route(/\/api\/(datasets|analytics)\b/, async (route) => {
    const headers = await route.request().allHeaders();
    const token = headers.authorization ?? '';
    stale ??= token;
    await route.continue(token === stale ? { headers: { ...headers, authorization: 'Bearer gone' } } : {});
  });
  await link.click();
  await expect(page.getByRole('table', { name: 'Anomalies' })).toBeVisible();
  expect(refused).toBeGreaterThan(1);
  expect(renewed).toBe(1);
});

test('the page of a dataset asks for its session, its dataset and its analysis once each', async ({
  user,
}) => {
  const { page } = user;
  const id = await user.has(SALES);
  await page.waitForLoadState('networkidle'); // of the page before
  const asked: string[] = [];
  page.on('request', (request) => {
    const { pathname, search } = new URL(request.url());
    asked.push(`${request.method()} ${pathname}${search}`);
  });
  await page.goto(`/datasets/${id}`);
  await expect(page.getByRole('table', { name: 'Anomalies' })).toBeVisible();
  await page.waitForLoadState('networkidle');
  for (const once of [
    'POST /api/auth/refresh',
    `GET /api/datasets/${id}`,
    `GET /api/datasets/${id}/versions`,
    `GET /api/analytics/${id}`,
  ]) {
    expect(
      asked.filter((one) => one === once),
      once,
    ).toHaveLength(1);
  }
});
