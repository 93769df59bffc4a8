import { refreshSession } from './client';
import { ProblemError, toProblem } from './problem';
import { accessToken, isAboutToEnd } from './session';

/** Cuts a text/event-stream into the data of its events. Events may arrive in any number of pieces. */
export class EventParser {
  private rest = '';
  private data: string[] = [];

  push(piece: string): string[] {
    const events: string[] = [];
    this.rest += piece;
    const lines = this.rest.split(/\r\n|\n|\r(?!$)/);
    this.rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line === '') {
        if (this.data.length > 0) events.push(this.data.join('\n'));
        this.data = [];
      } else if (line.startsWith('data:')) {
        this.data.push(line.slice(5).replace(/^ /, ''));
      }
    }
    return events;
  }
}

/**
 * Listen to a stream of events with the access token in the header (EventSource could not send it).
 * Returns when the server closes the stream; rejects on a refusal or a broken connection.
 */
export async function listen(
  path: string,
  heard: (data: string) => void,
  signal: AbortSignal,
): Promise<void> {
  if (isAboutToEnd()) await refreshSession();
  let response = await open(path, signal);
  if (response.status === 401 && (await refreshSession())) response = await open(path, signal);
  if (!response.ok || !response.body) {
    throw new ProblemError(toProblem(await response.json().catch(() => null), response.status));
  }
  const parser = new EventParser();
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    for (const event of parser.push(value)) heard(event);
  }
}

function open(path: string, signal: AbortSignal): Promise<Response> {
  const token = accessToken();
  return fetch(`/api${path}`, {
    headers: { Accept: 'text/event-stream', ...(token ? { Authorization: `Bearer ${token}` } : {}) },
    signal,
  });
}
