import '@testing-library/jest-dom/vitest';
import { cleanup, configure } from '@testing-library/react';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { setLabels } from '@/api/labels';
import labels from '@/api/labels.json';
import { endSession } from '@/api/session';
import { server } from './server';

// On a busy machine a second is not long.
configure({ asyncUtilTimeout: 8_000 });

// What jsdom lacks and Mantine asks for.
window.matchMedia ??= (query) =>
  ({
    matches: false,
    media: query,
    addEventListener: () => undefined,
    removeEventListener: () => undefined,
    addListener: () => undefined,
    removeListener: () => undefined,
  }) as unknown as MediaQueryList;
window.ResizeObserver ??= class {
  observe() {}
  unobserve() {}
  disconnect() {}
};
Object.defineProperty(document, 'fonts', { value: new EventTarget(), configurable: true });
Element.prototype.scrollIntoView ??= () => undefined;

setLabels(labels);

// A request that no test has answered is a mistake of the test.
beforeAll(() => server.listen({ onUnhandledFrame: 'error' }));
afterEach(() => {
  cleanup();
  server.resetHandlers();
  endSession();
  window.localStorage.clear();
});
afterAll(() => server.close());
