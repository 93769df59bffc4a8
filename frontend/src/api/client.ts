import axios, { AxiosError, type AxiosRequestConfig, type InternalAxiosRequestConfig, isCancel } from 'axios';
import { isGatewayError, reportLost, reportReached } from './connection';
import { withPrefetched } from './prefetch';
import { accessToken, beginSession, endSession, isAboutToEnd, oneTabAtATime } from './session';
import type { AccessToken } from './types';

/** Requests that carry no access token and must not start a refresh. */
const OPEN_PATHS = ['/auth/login', '/auth/register', '/auth/refresh'];

interface Retried extends InternalAxiosRequestConfig {
  retriedAfterRefresh?: boolean;
}

export const client = axios.create({
  baseURL: '/api',
  // Repeated keys (metricColumn=a&metricColumn=b), without brackets.
  paramsSerializer: { indexes: null },
  formSerializer: { indexes: null },
});
client.defaults.adapter = withPrefetched(axios.getAdapter(client.defaults.adapter), (config) =>
  client.getUri(config),
);

let refreshing: Promise<boolean> | null = null;

/**
 * Renew the access token by the refresh cookie. Calls made at the same time share one request; other tabs wait for
 * it (Web Locks), because a refresh token used twice ends the whole session.
 *
 * @returns whether the user is signed in afterwards. Rejects where the server cannot be reached.
 */
export function refreshSession(): Promise<boolean> {
  refreshing ??= oneTabAtATime(askForSession).finally(() => {
    refreshing = null;
  });
  return refreshing;
}

async function askForSession(): Promise<boolean> {
  try {
    const { data } = await client.post<AccessToken>('/auth/refresh');
    beginSession(data);
    return true;
  } catch (error) {
    const status = error instanceof AxiosError ? error.response?.status : undefined;
    if (status === undefined || status >= 500) throw error;
    endSession();
    return false;
  }
}

function isOpen(config: AxiosRequestConfig): boolean {
  return OPEN_PATHS.some((path) => config.url?.startsWith(path));
}

client.interceptors.request.use(async (config) => {
  if (isOpen(config)) return config;
  if (isAboutToEnd()) await refreshSession();
  const token = accessToken();
  if (token) config.headers.set('Authorization', `Bearer ${token}`);
  return config;
});

client.interceptors.response.use(
  (response) => {
    reportReached();
    return response;
  },
  (error: unknown) => {
    if (error instanceof AxiosError && !isCancel(error)) {
      if (error.response && !isGatewayError(error.response.status)) reportReached();
      else reportLost();
    }
    throw error;
  },
);

client.interceptors.response.use(undefined, async (error: unknown) => {
  if (!(error instanceof AxiosError)) throw error;
  const config = error.config as Retried | undefined;
  if (error.response?.status !== 401 || !config || isOpen(config) || config.retriedAfterRefresh) throw error;
  // Another request may have renewed the token while this one was under way: then it only has to be sent again.
  const sent = String(config.headers.get('Authorization') ?? '');
  const current = accessToken();
  const renewed = current !== null && sent !== `Bearer ${current}`;
  if (!renewed && !(await refreshSession())) throw error;
  config.retriedAfterRefresh = true;
  return client.request(config);
});
