import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';
import type { ChangeExplanation } from '@/api/types';
import { numberFormat } from '@/components/format';
import { anAnalysis, anAnomaly } from '@/testing/data';
import { renderPage } from '@/testing/render';
import { at, HttpResponse, http, server } from '@/testing/server';
import { PLAIN_VIEW } from '../view';
import { Where } from './Where';

const NORTH: ChangeExplanation = {
  metric: 'revenue',
  per: null,
  aggregate: 'sum',
  start: '2024-01-27',
  end: '2024-01-28',
  comparedWith: ['2024-01-20', '2024-01-13'],
  dimensions: ['region', 'plan'],
  conclusion: 'causes',
  actual: 8_000,
  expected: 24_000,
  common: 1,
  causes: [
    {
      conditions: [{ column: 'region', value: 'North' }],
      effect: 'size',
      presence: 'both',
      actual: 1_000,
      expected: 14_000,
      share: 0.81,
      gain: 60,
      also: [],
      terms: null,
    },
  ],
  shares: [
    {
      name: 'plan',
      values: [{ value: 'pro', actual: 8_000, expected: 24_000, share: 1, presence: 'both', terms: null }],
      others: 0,
      othersShare: 0,
    },
    {
      name: 'region',
      values: [
        { value: 'North', actual: 1_000, expected: 14_000, share: 0.81, presence: 'both', terms: null },
        { value: '', actual: 4_000, expected: 3_000, share: -0.06, presence: 'both', terms: null },
      ],
      others: 12,
      othersShare: 0.25,
    },
  ],
  text: 'North in region explains 81% of the drop: 1,000 instead of 14,000 expected.',
};

const onFilter = vi.fn();

function show(answer: ChangeExplanation | null) {
  server.use(
    http.get(at('/analytics/d1/causes'), ({ request }) => {
      expect(new URL(request.url).searchParams.get('anomaly')).toBe('anomaly-2024-01-27');
      return answer ? HttpResponse.json(answer) : HttpResponse.json({}, { status: 404 });
    }),
  );
  const anomaly = anAnomaly('2024-01-27', 8_000, 'high');
  renderPage(
    <Where
      analysis={anAnalysis()}
      view={PLAIN_VIEW}
      anomaly={anomaly}
      numbers={numberFormat(null, 0, true)}
      onFilter={onFilter}
    />,
  );
}

test('the cause is a sentence first, and the values of its column are bars', async () => {
  show(NORTH);
  expect(await screen.findByText(NORTH.text)).toBeVisible();
  const items = screen.getAllByRole('listitem');
  expect(items).toHaveLength(3);
  expect(items[0]).toHaveTextContent('North81%1,000 instead of 14,000');
  expect(items[1]).toHaveTextContent('(none)−6%4,000 instead of 3,000');
  expect(items[2]).toHaveTextContent('12 others: 25% of the change');
});

test('the values of another column can be looked at', async () => {
  show(NORTH);
  await userEvent.selectOptions(await screen.findByLabelText('Values of'), 'By plan');
  await userEvent.click(within(screen.getByRole('list')).getByRole('button', { name: 'pro' }));
  expect(onFilter).toHaveBeenCalledWith('plan:pro');
});

test('an answer without bars is its sentence, and a failure says so', async () => {
  show({ ...NORTH, causes: [], shares: [], comparedWith: [], text: 'There is no other time like it.' });
  expect(await screen.findByText('There is no other time like it.')).toBeVisible();
  expect(screen.queryByRole('list')).toBeNull();
});

test('what could not be loaded is named', async () => {
  show(null);
  expect(
    await screen.findByText('What it comes from could not be loaded.', {}, { timeout: 5_000 }),
  ).toBeVisible();
});
