// The cloud profile's way for files: from the browser straight to the bucket, by a form that the API signs.
import axios, { AxiosError, isCancel } from 'axios';
import { client } from '@/api/client';
import { problemOf } from '@/api/problem';
import type { Limits, UploadResponse, UploadTicket, Withdrawal } from '@/api/types';
import type { UploadJob } from './api';
import { asJson } from './draft-options';

const ANSWER_MS = 10_000; // a look into the bucket takes a moment; who cancelled must not wait for a lost network

/** Why a file does not go straight to the bucket after all. */
export class BucketError extends Error {}

let refused = false; // a bucket this page cannot reach is not tried again before the page is loaded again

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
export async function sendToBucket(job: UploadJob): Promise<UploadResponse> {
  const { file, name, datasetId, options, signal } = job;
  const body = {
    fileName: file.name,
    sizeBytes: file.size,
    datasetName: name,
    datasetId,
    ...asJson(options),
  };
  const ticket = await client
    .post<UploadTicket>('/datasets/upload-url', body, { signal })
    .then(({ data }) => data)
    .catch((error: unknown) => {
      throw problemOf(error)?.code === 'unsupported' ? new BucketError() : error;
    });
  const arrived = await post(ticket, job);
  return { ...arrived, datasetName: name, status: 'processing' };
}

type Version = Pick<UploadResponse, 'datasetId' | 'version'>;

async function post(ticket: UploadTicket, { file, signal, onProgress }: UploadJob): Promise<Version> {
  const form = new FormData();
  for (const [field, value] of Object.entries(ticket.fields)) form.append(field, value);
  form.append('file', file, file.name); // the store reads no field that comes after the file
  try {
    // Not our client: the bucket must not see the access token.
    await axios.post(ticket.url, form, {
      signal,
      onUploadProgress: ({ loaded, total, rate }) => onProgress(total ? loaded / total : 0, rate ?? null),
    });
    return ticket;
  } catch (error) {
    // Only the answer may be lost, and the file be there: then it is not sent a second time.
    const stored = await withdraw(ticket);
    if (stored?.arrived) return stored; // too late to cancel, too
    if (isCancel(error)) throw error;
    refused ||= error instanceof AxiosError && !error.response;
    throw new BucketError();
  }
}

/** Ask whether the file has arrived. If it has not, it is not taken any more. Null where that cannot be asked. */
async function withdraw({ datasetId, version, uploadId }: UploadTicket): Promise<Withdrawal | null> {
  return client
    .post<Withdrawal>(
      '/datasets/upload-url/withdraw',
      { datasetId, version, uploadId },
      { timeout: ANSWER_MS },
    )
    .then(({ data }) => data)
    .catch(() => null);
}
