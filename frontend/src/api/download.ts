import { client } from './client';

/** Fetch a file with the access token and hand it to the browser as a download. */
export async function download(path: string, fileName: string): Promise<void> {
  const { data, headers } = await client.get<Blob>(path, { responseType: 'blob' });
  const named = /filename="?([^";]+)"?/.exec(String(headers['content-disposition'] ?? ''));
  save(data, named?.[1] ?? fileName);
}

export function save(content: Blob, fileName: string): void {
  const url = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = url;
  link.download = fileName;
  link.click();
  // Some browsers read the URL after the click has returned.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
