import { createParser } from 'eventsource-parser';
import { refreshSession } from './client';
import { ProblemError, toProblem } from './problem';
import { accessToken, isAboutToEnd } from './session';

/**
 * Listen to a stream of events with the access token in the header (EventSource could not send it).
 * Returns when the server closes the stream; rejects on a refusal or a broken connection.
 */
export async function listen(
  path: string,
  onData: (data: string) => void,
  signal: AbortSignal,
): Promise<void> {
  if (isAboutToEnd()) await refreshSession();
  let response = await open(path, signal);
  if (response.status === 401 && (await refreshSession())) response = await open(path, signal);
  if (!response.ok || !response.body) {
    throw new ProblemError(toProblem(await response.json().catch(() => null), response.status));
  }
  const parser = createParser({ onEvent: ({ data }) => onData(data) });
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    parser.feed(value);
  }
}

function open(path: string, signal: AbortSignal): Promise<Response> {
  const token = accessToken();
  return fetch(`/api${path}`, {
    headers: { Accept: 'text/event-stream', ...(token ? { Authorization: `Bearer ${token}` } : {}) },
    signal,
  });
}
