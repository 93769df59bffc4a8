import { useRef, useState } from 'react';
import { useOnce } from '@/components/useOnce';
import { type Sent, type UploadJob, useUpload } from './api';

type Job = Omit<UploadJob, 'signal' | 'onProgress' | 'onDetour'>;

const START = { fraction: 0, rate: null as number | null, detour: false };

/** Send a file: how far it is, how it ended, and the way to cancel it. */
export function useSending(job: Job, onUploaded: (sent: Sent) => void) {
  const upload = useUpload();
  const [progress, setProgress] = useState(START);
  const abort = useRef<AbortController | null>(null);
  const send = useOnce(upload.isPending, upload.error, () => {
    abort.current = new AbortController();
    setProgress(START);
    upload.mutate(
      {
        ...job,
        signal: abort.current.signal,
        onProgress: (fraction, rate) => setProgress((before) => ({ ...before, fraction, rate })),
        onDetour: () => setProgress({ ...START, detour: true }),
      },
      { onSuccess: onUploaded },
    );
  });
  return {
    send,
    isPending: upload.isPending,
    error: upload.error,
    progress: { ...progress, onCancel: () => abort.current?.abort() },
  };
}
