import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { client } from '@/api/client';
import { useLimits } from '@/api/limits';
import { queryKeys } from '@/api/query-keys';
import type { Preview, UploadResponse } from '@/api/types';
import { BucketError, isDirectOffered, sendToBucket } from './direct';
import { appendFields, type DraftOptions, formFields, parseFields, type UploadMode } from './draft-options';

const HEAD_OF_TEXT = 256 * 1024; // thousands of rows: enough to notify columns and dialect

/** The part of a file that a preview needs; of a packed one all that the server looks at (`previewBytes`). */
export function headOf(file: File, previewBytes: number): Blob {
  return file.slice(0, isPacked(file) ? previewBytes : HEAD_OF_TEXT);
}

/** Whether the preview sees the beginning of a file only. */
export function isHeadOnly(file: File, previewBytes: number): boolean {
  return file.size > headOf(file, previewBytes).size;
}

/** Whether the preview sees too little of a file to refuse it: a Parquet file's schema is at its end. */
export function isCutShort(file: File, previewBytes: number): boolean {
  return isPacked(file) && file.size > previewBytes;
}

/** What the server looks at; as much as of a text where it does not say so. */
export function usePreviewBytes(): { previewBytes: number; isPending: boolean } {
  const { data, isPending } = useLimits();
  return { previewBytes: data?.previewBytes ?? HEAD_OF_TEXT, isPending };
}

function isPacked(file: File): boolean {
  return /\.(gz|bz2|xz|zst|zip|parquet|feather|arrow|ipc|xls|xlsx|xlsm|xlsb|ods)$/i.test(file.name);
}

export function usePreview(file: File | null, options: DraftOptions) {
  const fields = parseFields(options);
  const { previewBytes, isPending } = usePreviewBytes();
  return useQuery({
    queryKey: queryKeys.preview(file, fields),
    enabled: file !== null && file.size > 0 && !isPending,
    placeholderData: keepPreviousData,
    retry: false,
    queryFn: async ({ signal }) => {
      const form = new FormData();
      for (const [name, value] of fields) form.append(name, value);
      if (file) form.append('file', headOf(file, previewBytes), file.name);
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
  options: DraftOptions;
  signal: AbortSignal;
  onProgress: (fraction: number, bytesPerSecond: number | null) => void;
  /** The bucket did not take the file: it is sent again, through the API. */
  onDetour: () => void;
}

/** A file that was sent. Of one that went straight to the bucket the server learns a little later. */
export interface Sent extends UploadResponse {
  isAwaited: boolean;
}

export function useUpload() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (job: UploadJob): Promise<Sent> => {
      // Rows that are added are read with the options of the existing ones, which only the API knows.
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
    onSuccess: () => queries.invalidateQueries({ queryKey: queryKeys.datasets.all }),
  });
}

async function sendToApi({
  file,
  name,
  datasetId,
  mode,
  options,
  signal,
  onProgress,
}: UploadJob): Promise<UploadResponse> {
  const form = new FormData();
  // Before the file: the server then streams it straight to where it belongs.
  if (datasetId) form.append('datasetId', datasetId);
  form.append('datasetName', name);
  const fields = mode === 'append' ? appendFields(options) : formFields(options);
  for (const [field, value] of fields) form.append(field, value);
  form.append('file', file, file.name);
  const { data } = await client.post<UploadResponse>('/datasets/upload', form, {
    signal,
    onUploadProgress: ({ loaded, total, rate }) => onProgress(total ? loaded / total : 0, rate ?? null),
  });
  return data;
}
