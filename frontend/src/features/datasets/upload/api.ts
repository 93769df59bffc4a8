import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { client } from '@/api/client';
import { datasetKeys } from '@/api/datasets';
import type { Preview, Uploaded } from '@/api/types';
import { BucketError, isDirectOffered, sendToBucket } from './direct';
import { appendFields, type Choices, formFields, readingFields, type UploadMode } from './roles';

const HEAD_OF_TEXT = 256 * 1024; // thousands of rows: enough to tell columns and dialect
const HEAD_OF_PACKED = 4 * 1024 * 1024; // what the server looks at most; a packed file tells little from less

/** The part of a file that a preview needs. */
export function headOf(file: File): Blob {
  return file.slice(0, isPacked(file) ? HEAD_OF_PACKED : HEAD_OF_TEXT);
}

/** Whether the preview sees too little of a file to refuse it: a Parquet file's schema is at its end. */
export function isCutShort(file: File): boolean {
  return isPacked(file) && file.size > HEAD_OF_PACKED;
}

function isPacked(file: File): boolean {
  return /\.(gz|parquet)$/i.test(file.name);
}

export function usePreview(file: File | null, choices: Choices) {
  const fields = readingFields(choices);
  return useQuery({
    queryKey: ['preview', file?.name, file?.size, file?.lastModified, fields],
    enabled: file !== null && file.size > 0,
    placeholderData: keepPreviousData,
    retry: false,
    queryFn: async ({ signal }) => {
      const form = new FormData();
      for (const [name, value] of fields) form.append(name, value);
      if (file) form.append('file', headOf(file), file.name);
      return (await client.post<Preview>('/datasets/preview', form, { signal })).data;
    },
  });
}

export interface UploadJob {
  file: File;
  name: string;
  /** The dataset that gets a new version; a new dataset without it. */
  datasetId: string | null;
  mode: UploadMode;
  choices: Choices;
  signal: AbortSignal;
  onProgress: (fraction: number, bytesPerSecond: number | null) => void;
  /** The bucket did not take the file: it begins anew, through the API. */
  onDetour: () => void;
}

/** A file that was sent. One that went straight to the bucket is heard of by the server a little later. */
export interface Sent extends Uploaded {
  isAwaited: boolean;
}

export function useUpload() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (job: UploadJob): Promise<Sent> => {
      // Rows that join others are read like those, which only the API can tell.
      if (job.mode === 'replace' && (await isDirectOffered())) {
        try {
          return { ...(await sendToBucket(job)), isAwaited: true };
        } catch (error) {
          if (!(error instanceof BucketError)) throw error;
          job.onDetour();
        }
      }
      return { ...(await sendToApi(job)), isAwaited: false };
    },
    onSuccess: () => queries.invalidateQueries({ queryKey: datasetKeys.all }),
  });
}

async function sendToApi({
  file,
  name,
  datasetId,
  mode,
  choices,
  signal,
  onProgress,
}: UploadJob): Promise<Uploaded> {
  const form = new FormData();
  // Before the file: the server then streams it straight to where it belongs.
  if (datasetId) form.append('datasetId', datasetId);
  form.append('datasetName', name);
  const fields = mode === 'append' ? appendFields(choices) : formFields(choices);
  for (const [field, value] of fields) form.append(field, value);
  form.append('file', file, file.name);
  const { data } = await client.post<Uploaded>('/datasets/upload', form, {
    signal,
    onUploadProgress: ({ loaded, total, rate }) => onProgress(total ? loaded / total : 0, rate ?? null),
  });
  return data;
}
