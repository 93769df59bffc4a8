import { expect, test } from './fixtures';

const BAD = [
  { name: 'empty.csv', content: '', says: /empty\.csv is empty \(0 bytes\)/ },
  { name: 'header-only.csv', content: 'date,revenue\n', says: /no row|no rows|header/i },
  { name: 'words.csv', content: 'name,town\nAda,London\nKurt,Brno\n', says: /time|date/i },
  { name: 'picture.csv', content: '\x89PNG\r\n\x1a\n\0\0\0\rIHDR', says: /picture\.csv|image|PNG|table/i },
  { name: 'broken.json', content: '[{"date": "2024-01-01", "revenue": 1}, {"da', says: /JSON/ },
];

for (const { name, content, says } of BAD) {
  test(`${name} is refused with a reason and the way out`, async ({ user: { page } }) => {
    await page.goto('/upload');
    await page
      .getByLabel('Choose a file')
      .setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(content, 'latin1') });
    await expect(page.getByRole('alert').first()).toContainText(says);
    await expect(page.getByRole('button', { name: 'Upload and analyse' })).not.toBeEnabled({ timeout: 1 });
  });
}
