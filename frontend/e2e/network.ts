// A network that is slow, or holds something back until a specification has looked.
import type { Page, Route } from '@playwright/test';

/** From now on the page sends so many bytes per second at most; what is returned ends that. */
export async function slowed(page: Page, bytesPerSecond: number): Promise<() => Promise<void>> {
  const protocol = await page.context().newCDPSession(page);
  const conditions = { offline: false, latency: 20, downloadThroughput: -1 };
  await protocol.send('Network.enable');
  const set = (uploadThroughput: number) =>
    protocol.send('Network.emulateNetworkConditions', { ...conditions, uploadThroughput });
  await set(bytesPerSecond);
  return async () => {
    await set(-1);
    await protocol.detach();
  };
}

/** Requests that match wait until `release` is called; then the real server answers them. */
export async function heldBack(page: Page, path: string | RegExp): Promise<Held> {
  const held = new Held();
  await page.route(path, (route) => held.take(route));
  return held;
}

class Held {
  private readonly waiting: Route[] = [];
  private released = false;

  /** How many requests have come so far. */
  count = 0;

  async take(route: Route): Promise<void> {
    this.count += 1;
    if (this.released) await route.continue();
    else this.waiting.push(route);
  }

  async release(): Promise<void> {
    this.released = true;
    await Promise.all(this.waiting.splice(0).map((route) => route.continue()));
  }
}
