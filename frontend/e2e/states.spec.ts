// What is shown while something is awaited, where there is nothing, and where something failed.
import { expect, type Page } from '@playwright/test';
import { SALES, test, type User } from './fixtures';
import { LOOKS, stays } from './holds';

/** Requests to a path are not answered for as long as the test lasts. */
const held = (page: Page, path: RegExp) => page.route(path, () => new Promise(() => undefined));
const failing = (page: Page, path: RegExp) =>
  page.route(path, (route) => route.fulfill({ status: 500, body: 'no' }));

async function secondVersion({ page }: User, datasetId: string): Promise<void> {
  await page.goto(`/upload?dataset=${datasetId}`);
  await page.getByLabel('Choose a file').setInputFiles(SALES);
  await page.getByRole('button', { name: 'Upload and analyse' }).click();
  await expect(page.getByRole('main')).toContainText('All 7 rows used');
}

for (const { look, colorScheme, width, height } of LOOKS) {
  test.describe(look, () => {
    test.use({ colorScheme, viewport: { width, height } });

    test('the list of datasets holds while it loads and where nothing is found', async ({ user }) => {
      const { page } = user;
      await user.has(SALES);
      await page.goto('/datasets');
      await page.getByRole('textbox', { name: 'Search datasets' }).fill('nothing like it');
      await expect(page.getByRole('heading', { name: 'Nothing found' })).toBeVisible();
      await stays(page, `datasets-nothing-found-${look}`);
      await held(page, /\/api\/datasets\?/);
      await page.goto('/datasets');
      await expect(page.getByText('Loading your datasets')).toBeAttached();
      await stays(page, `datasets-loading-${look}`);
    });

    test('the examples hold while they load and where they fail', async ({ user: { page } }) => {
      await held(page, /\/api\/samples/);
      await page.goto('/datasets');
      await expect(page.getByText('Loading the examples')).toBeAttached();
      await stays(page, `examples-loading-${look}`);
      await page.unrouteAll({ behavior: 'ignoreErrors' });
      await failing(page, /\/api\/samples/);
      await page.goto('/datasets');
      await expect(page.getByRole('alert')).toContainText('The examples could not be listed');
      await stays(page, `examples-failed-${look}`);
    });

    test('a dataset holds while its analysis is made and where it fails', async ({ user }) => {
      const { page } = user;
      const id = await user.has(SALES);
      await held(page, /\/api\/analytics\//);
      await page.goto(`/datasets/${id}`);
      await expect(page.getByRole('button', { name: 'Re-analyse' })).toBeVisible();
      await stays(page, `dataset-loading-${look}`);
      await page.unrouteAll({ behavior: 'ignoreErrors' });
      await failing(page, /\/api\/analytics\//);
      await page.goto(`/datasets/${id}`);
      await expect(page.getByRole('alert')).toContainText('This analysis could not be computed');
      await stays(page, `dataset-failed-${look}`);
    });

    test('comparing versions holds while it waits, where it fails and where nothing changed', async ({
      user,
    }) => {
      const { page } = user;
      const id = await user.has(SALES);
      await secondVersion(user, id);
      const compare = async () => {
        await page.goto(`/datasets/${id}`);
        await page.getByRole('button', { name: /^Version 2/ }).click();
        await page.getByRole('menuitem', { name: /Compare/ }).click();
        await expect(page.getByRole('dialog')).toBeVisible();
      };
      await held(page, /\/compare/);
      await compare();
      await expect(page.getByLabel('Comparing')).toBeVisible();
      await stays(page, `compare-loading-${look}`);
      await page.unrouteAll({ behavior: 'ignoreErrors' });
      await failing(page, /\/compare/);
      await compare();
      await expect(page.getByRole('alert')).toContainText('could not be compared');
      await stays(page, `compare-failed-${look}`);
      await page.unrouteAll({ behavior: 'ignoreErrors' });
      await compare();
      await expect(page.getByRole('table', { name: 'Figures' })).toBeVisible();
      await stays(page, `compare-same-${look}`);
    });

    test('the sensitivity holds with its differences and where it cannot be tried', async ({ user }) => {
      const { page } = user;
      await page.goto(`/datasets/${await user.has(SALES)}`);
      const drawer = page.getByRole('dialog', { name: 'Sensitivity' });
      await page.getByRole('button', { name: 'Sensitivity' }).click();
      await drawer.getByText('Drops').click();
      await expect(drawer).toContainText('No longer found (2)');
      await stays(page, `sensitivity-differences-${look}`);
      await failing(page, /\/api\/analytics\//);
      await drawer.getByText('Rises').click();
      await expect(drawer.getByRole('alert')).toBeVisible();
      await stays(page, `sensitivity-failed-${look}`);
    });

    test('an upload holds while the file is read and while it is sent', async ({ user: { page } }) => {
      await held(page, /\/api\/datasets\/preview/);
      await page.goto('/upload');
      await page.getByLabel('Choose a file').setInputFiles(SALES);
      await expect(page.getByText('Reading the first rows')).toBeVisible();
      await stays(page, `upload-reading-${look}`);
      await page.unrouteAll({ behavior: 'ignoreErrors' });
      await held(page, /\/api\/datasets\/upload$/);
      await page.goto('/upload');
      await page.getByLabel('Choose a file').setInputFiles(SALES);
      await page.getByRole('button', { name: 'Upload and analyse' }).click();
      await expect(page.getByRole('button', { name: 'Cancel' })).toBeVisible();
      await stays(page, `upload-sending-${look}`);
    });
  });
}
