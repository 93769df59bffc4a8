import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, expect, test } from 'vitest';
import { beginSession } from '@/api/session';
import { renderPage } from '@/testing/render';
import { at, HttpResponse, http, problem, server } from '@/testing/server';
import { formFields, NO_OPTIONS, withColumnType } from './draft-options';
import { UploadPage } from './UploadPage';

const PREVIEW = {
  format: 'csv',
  dialect: { encoding: 'utf-8', delimiter: ',', dateOrder: null },
  columns: [
    { name: 'date', type: 'time', unit: null, samples: ['2024-01-01'] },
    { name: 'revenue', type: 'number', unit: null, samples: ['24000'] },
    { name: 'shop', type: 'text', unit: null, samples: ['A'] },
  ],
  timeColumn: 'date',
  metricColumns: ['revenue'],
  rows: [['2024-01-01', '24000', 'A']],
  warnings: [],
};
const SALES = () => new File(['date,revenue,shop\n2024-01-01,24000,A\n'], 'sales.csv', { type: 'text/csv' });

beforeEach(() => {
  beginSession({ accessToken: 'token', tokenType: 'Bearer', expiresIn: 900 });
  server.use(
    http.get(at('/samples'), () => HttpResponse.json({ items: [] })),
    http.get(at('/datasets/limits'), () => HttpResponse.json({ directUpload: false })),
    http.post(at('/datasets/preview'), () => HttpResponse.json(PREVIEW)),
    http.get(at('/datasets/d1'), () =>
      HttpResponse.json({
        id: 'd1',
        version: 1,
        status: 'processing',
        datasetName: 'sales',
        metricColumns: [],
        metrics: [],
      }),
    ),
    http.get(
      at('/datasets/d1/events'),
      () => new Response('', { headers: { 'Content-Type': 'text/event-stream' } }),
    ),
  );
});

async function choose(file: File) {
  renderPage(<UploadPage />, '/upload');
  await userEvent.upload(screen.getByLabelText('Choose a file'), file, { applyAccept: false });
}

test('the preview shows the first rows and the roles found', async () => {
  await choose(SALES());
  const rows = await screen.findByRole('region', { name: 'First rows of the file' });
  expect(rows).toHaveTextContent('24000');
  expect(rows).toHaveTextContent('Analysed');
  expect(rows).toHaveTextContent('Kept as text');
});

test('the roles go before the file, so that the server can stream it', async () => {
  let names: string[] = [];
  server.use(
    http.post(at('/datasets/upload'), async ({ request }) => {
      names = [...(await request.text()).matchAll(/; name="([^"]+)"/g)].map((match) => match[1] ?? '');
      return HttpResponse.json({ datasetId: 'd1', datasetName: 'sales', version: 1, status: 'processing' });
    }),
  );
  await choose(SALES());
  await userEvent.click(await screen.findByRole('button', { name: 'Upload and analyse' }));
  await screen.findByText('Processing sales');
  expect(names).toEqual(['datasetName', 'timeZone', 'timeColumn', 'file']);
});

test('a refused upload says why and can be tried again', async () => {
  let tries = 0;
  server.use(
    http.post(at('/datasets/upload'), () => {
      tries += 1;
      if (tries === 1)
        return problem(413, 'upload_too_large', 'The file is larger than the limit of 10 bytes.');
      return HttpResponse.json({ datasetId: 'd1', datasetName: 'sales', version: 1, status: 'processing' });
    }),
  );
  await choose(SALES());
  await userEvent.click(await screen.findByRole('button', { name: 'Upload and analyse' }));
  expect(await screen.findByRole('alert')).toHaveTextContent('larger than the limit of 10 bytes');
  await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
  expect(await screen.findByText('Processing sales')).toBeVisible();
});

test('a cancelled upload keeps nothing and says so', async () => {
  server.use(http.post(at('/datasets/upload'), () => new Promise<never>(() => undefined)));
  await choose(SALES());
  await userEvent.click(await screen.findByRole('button', { name: 'Upload and analyse' }));
  await userEvent.click(await screen.findByRole('button', { name: 'Cancel' }));
  expect(await screen.findByText(/was cancelled. Nothing was saved/)).toBeVisible();
  expect(screen.getByRole('button', { name: 'Upload and analyse' })).toBeEnabled();
});

test('a type that is changed goes with the preview and the upload, and can be undone', async () => {
  const asked: string[][] = [];
  server.use(
    http.post(at('/datasets/preview'), async ({ request }) => {
      const sent = await request.text();
      const types = [...sent.matchAll(/name="columnType"\s+(\S+)/g)].map((match) => match[1] ?? '');
      asked.push(types);
      return types.includes('number:shop')
        ? problem(422, 'no_numeric_column', 'Column “shop” does not read as numbers (“A”).')
        : HttpResponse.json(PREVIEW);
    }),
  );
  await choose(SALES());
  const type = await screen.findByRole('combobox', { name: 'Type of shop' });
  await userEvent.selectOptions(type, 'Number');
  expect(await screen.findByRole('alert')).toHaveTextContent('does not read as numbers');
  expect(screen.getByRole('button', { name: 'Upload and analyse' })).toBeDisabled();
  // What was read before would contradict the error.
  expect(screen.queryByRole('region', { name: 'First rows of the file' })).not.toBeInTheDocument();
  await userEvent.click(screen.getByRole('button', { name: 'Undo the last change' }));
  await waitFor(() => expect(screen.queryByRole('alert')).not.toBeInTheDocument());
  expect(asked.slice(0, 2)).toEqual([[], ['number:shop']]);
  expect(await screen.findByRole('region', { name: 'First rows of the file' })).toBeVisible();
  expect(screen.getByRole('button', { name: 'Upload and analyse' })).toBeEnabled();
});

test('the line of the header can be said, and the preview follows', async () => {
  const asked: (string | undefined)[] = [];
  server.use(
    http.post(at('/datasets/preview'), async ({ request }) => {
      asked.push(/name="headerLine"\s+(\d+)/.exec(await request.text())?.[1]);
      return HttpResponse.json(PREVIEW);
    }),
  );
  await choose(SALES());
  await screen.findByRole('combobox', { name: 'Type of shop' });
  await userEvent.click(screen.getByRole('combobox', { name: 'Header row' }));
  await userEvent.click(await screen.findByRole('option', { name: 'Line 3' }));
  await waitFor(() => expect(asked).toEqual([undefined, '3']));
  await userEvent.click(screen.getByRole('combobox', { name: 'Header row' }));
  await userEvent.click(await screen.findByRole('option', { name: 'No header' }));
  await waitFor(() => expect(asked).toEqual([undefined, '3', '0']));
});

test('format and encoding are sent when they are chosen', () => {
  const fields = formFields({ ...NO_OPTIONS, format: 'tsv', encoding: 'windows-1252' });
  expect(fields).toEqual([
    ['timeZone', 'UTC'],
    ['format', 'tsv'],
    ['encoding', 'windows-1252'],
  ]);
});

test('a metric that is said to be text is no metric any more', () => {
  const chosen = { ...NO_OPTIONS, timeColumn: 'date', metricColumns: ['revenue', 'store'] };
  expect(withColumnType(chosen, 'store', 'text')).toMatchObject({
    metricColumns: ['revenue'],
    columnTypes: { store: 'text' },
    timeColumn: 'date',
  });
  expect(withColumnType(chosen, 'date', 'text').timeColumn).toBeNull();
  expect(withColumnType({ ...chosen, columnTypes: { store: 'text' } }, 'store', null).columnTypes).toEqual(
    {},
  );
});

test('an unreadable file is refused before it is sent', async () => {
  server.use(
    http.post(at('/datasets/preview'), () =>
      problem(422, 'no_time_column', 'No time column found. Columns: name, town.'),
    ),
  );
  await choose(new File(['name,town\nAda,London\n'], 'words.csv'));
  expect(await screen.findByRole('alert')).toHaveTextContent('Columns: name, town');
  await waitFor(() => expect(screen.getByRole('button', { name: 'Upload and analyse' })).toBeDisabled());
});

test('an empty file is refused at once', async () => {
  await choose(new File([], 'empty.csv'));
  expect(await screen.findByRole('alert')).toHaveTextContent('empty.csv is empty (0 bytes)');
});

test('a file that fails in processing shows the reason and the ways on', async () => {
  server.use(
    http.post(at('/datasets/upload'), () =>
      HttpResponse.json({ datasetId: 'd1', datasetName: 'sales', version: 1, status: 'processing' }),
    ),
    http.get(at('/datasets/d1'), () =>
      HttpResponse.json({
        id: 'd1',
        version: 1,
        status: 'failed',
        failure: { code: 'no_usable_row', message: 'All 3 rows were rejected: "kaputt" is no time.' },
        metricColumns: [],
        metrics: [],
      }),
    ),
  );
  await choose(SALES());
  await userEvent.click(await screen.findByRole('button', { name: 'Upload and analyse' }));
  expect(await screen.findByRole('alert')).toHaveTextContent('All 3 rows were rejected');
  expect(screen.getByRole('button', { name: 'Change import options' })).toBeEnabled();
});

test('a date that can be read both ways is asked about, and the file is not sent before', async () => {
  server.use(
    http.post(at('/datasets/preview'), async ({ request }) => {
      const dayFirst = /name="dayFirst"\s+(\w+)/.exec(await request.text())?.[1];
      const dateOrder = dayFirst === undefined ? null : dayFirst === 'true' ? 'day first' : 'month first';
      const rows = [['02/06/2025', '24000', 'A']];
      return HttpResponse.json({ ...PREVIEW, rows, dialect: { ...PREVIEW.dialect, dateOrder } });
    }),
  );
  await choose(SALES());
  expect(await screen.findByText('Is 02/06/2025 2 Jun 2025 or 6 Feb 2025?')).toBeVisible();
  expect(screen.getByRole('button', { name: 'Upload and analyse' })).toBeDisabled();
  expect(screen.getByText('Choose day first or month first.')).toBeVisible();
  await userEvent.click(screen.getByRole('button', { name: '6 Feb 2025' }));
  await waitFor(() => expect(screen.getByRole('button', { name: 'Upload and analyse' })).toBeEnabled());
  expect(screen.queryByText(/Is 02\/06\/2025/)).not.toBeInTheDocument();
});

test('a preview that cannot be loaded does not blame the file', async () => {
  server.use(http.post(at('/datasets/preview'), () => HttpResponse.error()));
  await choose(SALES());
  const alert = await screen.findByRole('alert');
  expect(alert).toHaveTextContent('The preview could not be loaded');
  expect(alert).toHaveTextContent('Driftline cannot be reached');
});

test('every guess is shown with its evidence, and can be answered otherwise', async () => {
  const sent: string[] = [];
  const guesses = [
    {
      field: 'timeColumn',
      value: 'date',
      evidence: 'in order, named like a time',
      alternatives: ['shipped'],
      asks: true,
    },
    {
      field: 'sheet',
      value: 'Data1',
      evidence: 'It holds by far the most rows.',
      alternatives: ['Index'],
      asks: false,
    },
    { field: 'shape', value: 'auto', evidence: 'Months became rows.', alternatives: ['as_is'], asks: false },
  ];
  server.use(
    http.post(at('/datasets/preview'), async ({ request }) => {
      sent.push(await request.text());
      return HttpResponse.json({ ...PREVIEW, format: 'xlsx', guesses, warnings: ['Months became rows.'] });
    }),
  );
  await choose(SALES());
  // Once, though it is a warning, too.
  expect(await screen.findByText('Months became rows.')).toBeInTheDocument();
  expect(screen.getByText('In order, named like a time')).toBeInTheDocument();
  expect(screen.queryByRole('combobox', { name: 'Encoding' })).toBeNull();
  await userEvent.click(screen.getByRole('combobox', { name: 'Sheet' }));
  await userEvent.click(await screen.findByRole('option', { name: 'Index' }));
  await waitFor(() => expect(sent.at(-1)).toMatch(/name="sheet"\s+Index/));
  await userEvent.click(screen.getByRole('combobox', { name: 'Table layout' }));
  await userEvent.click(await screen.findByRole('option', { name: 'As in the file' }));
  await waitFor(() => expect(sent.at(-1)).toMatch(/name="shape"\s+as_is/));
  await userEvent.click(screen.getByRole('combobox', { name: 'Is “date” the time?' }));
  await userEvent.click(await screen.findByRole('option', { name: 'shipped' }));
  await waitFor(() => expect(sent.at(-1)).toMatch(/name="timeColumn"\s+shipped/));
});

test('an archive of several files asks which one is meant', async () => {
  const members = ['a.csv', 'b.csv'];
  server.use(
    http.post(at('/datasets/preview'), async ({ request }) => {
      if (/name="member"\s+b\.csv/.test(await request.text())) return HttpResponse.json(PREVIEW);
      return problem(422, 'several_tables', 'The ZIP archive holds 2 files.', { members });
    }),
  );
  await choose(new File(['PK'], 'export.zip'));
  await userEvent.click(await screen.findByRole('combobox', { name: 'File in the archive' }));
  await userEvent.click(await screen.findByRole('option', { name: 'b.csv' }));
  expect(await screen.findByRole('region', { name: 'First rows of the file' })).toBeInTheDocument();
});
