import { client } from './client';

const REACH_MS = 4_000; // a store that has not answered by then would leave the user waiting

/** Fetch a file with the access token and save it, under the server's name for it unless `isNamed` here. */
export async function download(
  path: string,
  fileName: string,
  { isNamed = false }: { isNamed?: boolean } = {},
): Promise<void> {
  const { data, headers } = await client.get<Blob>(path, { responseType: 'blob' });
  const named = /filename="?([^";]+)"?/.exec(String(headers['content-disposition'] ?? ''));
  save(data, isNamed ? fileName : (named?.[1] ?? fileName));
}

export function save(content: Blob, fileName: string): void {
  const url = URL.createObjectURL(content);
  follow(url, fileName);
  // Some browsers read the URL after the click has returned.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** Go to an address that answers with a file: the page stays, the browser writes the file as it comes. */
export function follow(url: string, fileName: string): void {
  const link = document.createElement('a');
  link.href = url;
  link.download = fileName; // another origin's own Content-Disposition counts instead
  link.click();
}

/** Whether this browser reaches the server of an address at all. What it answers does not matter. */
export async function reaches(url: string): Promise<boolean> {
  const { origin } = new URL(url, window.location.href);
  if (origin === window.location.origin) return true;
  const signal = AbortSignal.timeout(REACH_MS);
  return fetch(origin, { mode: 'no-cors', credentials: 'omit', cache: 'no-store', signal }).then(
    () => true,
    () => false,
  );
}
