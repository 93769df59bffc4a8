import { queryOptions, useQuery } from '@tanstack/react-query';
import { client } from './client';
import { queryKeys } from './query-keys';
import type { Limits } from './types';

/** What this server accepts. It does not change while the page is open. */
export const limitsQuery = queryOptions({
  queryKey: queryKeys.limits,
  queryFn: async ({ signal }) => (await client.get<Limits>('/datasets/limits', { signal })).data,
  staleTime: Number.POSITIVE_INFINITY,
});

export function useLimits() {
  return useQuery(limitsQuery);
}
