import { Loader } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { useIsConnectionLost } from '@/api/connection';
import styles from './ConnectionNotice.module.css';

/** Says that the server cannot be reached, and loads what is shown again as soon as it answers. */
export function ConnectionNotice() {
  const isLost = useIsConnectionLost();
  const wasLost = useRef(false);
  const queries = useQueryClient();
  useEffect(() => {
    if (wasLost.current && !isLost) void queries.invalidateQueries();
    wasLost.current = isLost;
  }, [isLost, queries]);
  return (
    <div role="status" className={isLost ? styles.notice : 'visually-hidden'}>
      {isLost && (
        <>
          <Loader size={14} color="currentColor" aria-hidden />
          Driftline cannot be reached. What you see may be out of date; this page reconnects by itself.
        </>
      )}
    </div>
  );
}
