import { act, renderHook } from '@testing-library/react';
import { MemoryRouter } from 'react-router';
import { expect, test } from 'vitest';
import { useView } from './useView';
import { analysisParams, PLAIN_VIEW, readView, type View, writeView } from './view';

const CHOSEN: View = {
  metric: 'temp max',
  version: 2,
  granularity: 'hour',
  aggregate: 'mean',
  sensitivity: 0.8,
  direction: 'up',
  minChange: '20%',
  country: 'DE',
  events: '2024-11-29 Sale; 2024-12-24 Eve',
  from: '2024-01-03T00:00:00',
  to: '2024-01-27T12:30:00',
  selected: 'abc',
  filters: {
    status: 'open',
    severity: 'high',
    side: 'up',
    kind: 'spike',
    since: '2024-01-03',
    until: '2024-01-27',
    search: 'flash sale',
  },
  where: ['region:North', 'plan:a:b'],
  compared: ['temp max', 'wind, gusts'],
};

test('a view survives its way through the address bar', () => {
  expect(readView(new URLSearchParams(writeView(CHOSEN).toString()))).toEqual(CHOSEN);
});

test('the plain view needs no parameter', () => {
  expect(writeView(PLAIN_VIEW).toString()).toBe('');
  expect(readView(new URLSearchParams())).toEqual(PLAIN_VIEW);
});

test.each([
  'granularity=fortnight',
  'sensitivity=7',
  'sensitivity=x',
  'version=-1',
  'version=1.5',
  'direction=sideways',
  'minChange=0',
  'minChange=much',
  'country=Germany',
  'events=someday',
  'from=2024-02-01&to=2024-01-01',
  'from=yesterday&to=today',
  'severity=awful',
  'status=done',
  'kind=odd',
  'since=today',
  'where=North',
])('%s makes no sense and is passed over', (search) => {
  expect(readView(new URLSearchParams(search))).toEqual(PLAIN_VIEW);
});

test('only what changes the analysis is asked of the server', () => {
  expect(
    analysisParams({
      ...PLAIN_VIEW,
      from: CHOSEN.from,
      to: CHOSEN.to,
      selected: 'abc',
      filters: CHOSEN.filters,
    }),
  ).toEqual({});
  expect(analysisParams(CHOSEN)).toEqual({
    metric: 'temp max',
    version: 2,
    granularity: 'hour',
    aggregate: 'mean',
    sensitivity: 0.8,
    direction: 'up',
    minChange: '20%',
    country: 'DE',
    events: '2024-11-29 Sale; 2024-12-24 Eve',
    where: ['plan:a:b', 'region:North'],
  });
});

test('two changes at once are both kept', () => {
  const { result } = renderHook(() => useView(), {
    wrapper: ({ children }) => (
      <MemoryRouter initialEntries={['/?from=2024-01-03&to=2024-01-09']}>{children}</MemoryRouter>
    ),
  });
  const [, change] = result.current;
  act(() => {
    change({ from: null, to: null });
    change({ selected: 'abc' });
  });
  expect(result.current[0]).toMatchObject({ from: null, to: null, selected: 'abc' });
});
