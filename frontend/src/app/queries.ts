import { QueryClient } from '@tanstack/react-query';
import { problemOf } from '@/api/problem';
import { isSignedIn, onSessionChange } from '@/api/session';

export function createQueries(): QueryClient {
  const queries = new QueryClient({
    defaultOptions: {
      // Whether a machine has a network says nothing of a server on the same machine: always ask, and show the failure.
      mutations: { networkMode: 'always' },
      queries: {
        networkMode: 'always',
        staleTime: 30_000,
        refetchOnWindowFocus: false,
        // A refusal stays one however often it is asked; only a failure around us is worth another try.
        retry: (failures, error) => failures < 2 && (problemOf(error)?.status ?? 500) >= 500,
      },
    },
  });
  // What one account saw must not be shown to the next.
  onSessionChange(() => {
    if (!isSignedIn()) queries.clear();
  });
  return queries;
}
