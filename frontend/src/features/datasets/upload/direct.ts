// The cloud profile's way for files: from the browser straight to the bucket, by a form that the API signs.
import axios, { AxiosError, isCancel } from 'axios';
import { client } from '@/api/client';
import { problemOf } from '@/api/problem';
import type { Limits, Uploaded, UploadTicket } from '@/api/types';
import type { UploadJob } from './api';
import { said } from './roles';

/** Why a file does not go straight to the bucket after all. */
export class BucketError extends Error {}

let refused = false; // a bucket this page cannot reach is not tried again before the page is loaded anew

export function forgetRefusal(): void {
  refused = false;
}

/** Whether files may go straight to the bucket. What cannot be told is a no: the way through the API always works. */
export async function isDirectOffered(): Promise<boolean> {
  if (refused) return false;
  const limits = await client.get<Limits>('/datasets/limits').catch(() => null);
  return limits?.data.directUpload ?? false;
}

/**
 * Send a file to the bucket.
 *
 * @throws BucketError where the bucket did not take it: the way through the API is still open.
 */
export async function sendToBucket(job: UploadJob): Promise<Uploaded> {
  const { file, name, datasetId, choices, signal } = job;
  const asked = { fileName: file.name, sizeBytes: file.size, datasetName: name, datasetId, ...said(choices) };
  const ticket = await client
    .post<UploadTicket>('/datasets/upload-url', asked, { signal })
    .then(({ data }) => data)
    .catch((error: unknown) => {
      throw problemOf(error)?.code === 'unsupported' ? new BucketError() : error;
    });
  await post(ticket, job);
  return { datasetId: ticket.datasetId, version: ticket.version, datasetName: name, status: 'uploaded' };
}

async function post(ticket: UploadTicket, { file, signal, onProgress }: UploadJob): Promise<void> {
  const form = new FormData();
  for (const [field, value] of Object.entries(ticket.fields)) form.append(field, value);
  form.append('file', file, file.name); // the store reads no field that comes after the file
  try {
    // Not our client: the bucket must not see the access token.
    await axios.post(ticket.url, form, {
      signal,
      onUploadProgress: ({ loaded, total, rate }) => onProgress(total ? loaded / total : 0, rate ?? null),
    });
  } catch (error) {
    if (isCancel(error)) throw error;
    refused ||= error instanceof AxiosError && !error.response;
    throw new BucketError();
  }
}
