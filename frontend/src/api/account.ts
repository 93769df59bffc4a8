import { useMutation, useQuery } from '@tanstack/react-query';
import { client } from './client';
import { commitAllDeletions } from './deletion';
import { queryKeys } from './query-keys';
import { beginSession, endSession } from './session';
import type { AccessToken, Account } from './types';

export interface Credentials {
  email: string;
  password: string;
}

export function useAccount() {
  return useQuery({
    queryKey: queryKeys.account,
    queryFn: async ({ signal }) => (await client.get<Account>('/auth/me', { signal })).data,
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export function useSignIn() {
  return useMutation({
    mutationFn: async (credentials: Credentials) => {
      beginSession((await client.post<AccessToken>('/auth/login', credentials)).data);
    },
  });
}

/** Make an account and sign in to it. */
export function useRegister() {
  return useMutation({
    mutationFn: async (credentials: Credentials) => {
      await client.post<Account>('/auth/register', credentials);
      beginSession((await client.post<AccessToken>('/auth/login', credentials)).data);
    },
  });
}

/** The session ends here even if the server cannot be told. */
export function useSignOut() {
  return useMutation({
    mutationFn: async () => {
      await commitAllDeletions();
      await client.post('/auth/logout').catch(() => undefined);
      endSession();
    },
  });
}
