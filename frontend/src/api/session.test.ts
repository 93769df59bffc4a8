import { expect, test, vi } from 'vitest';
import { beginSession, endSession, isSignedIn, onSessionChange } from './session';

const SESSION = { accessToken: 'token', tokenType: 'Bearer', expiresIn: 900 } as const;

test('signing out in another tab ends the session of this one', async () => {
  beginSession(SESSION);
  const changed = vi.fn();
  const stop = onSessionChange(changed);
  const otherTab = new BroadcastChannel('driftline-session');
  otherTab.postMessage('ended');
  await vi.waitFor(() => expect(isSignedIn()).toBe(false));
  expect(changed).toHaveBeenCalledTimes(1);
  stop();
  otherTab.close();
});

test('signing out here is told to the other tabs once', async () => {
  const messages: unknown[] = [];
  const otherTab = new BroadcastChannel('driftline-session');
  otherTab.onmessage = ({ data }) => messages.push(data);
  beginSession(SESSION);
  endSession();
  endSession();
  await vi.waitFor(() => expect(messages).toEqual(['ended']));
  otherTab.close();
});
