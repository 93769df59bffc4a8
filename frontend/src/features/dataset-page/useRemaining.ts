import { startTransition, useCallback, useEffect, useState } from 'react';

const AT_THE_LATEST_MS = 1_000; // where the chart's code is slow to come, what needs none of it does not wait

let wasShown = false; // later pages hold nothing back: their charts' code is there

/** What stands below a visit's first chart is made when that is drawn: whether it is time, and how to say that it is. */
export function useRemaining(): [boolean, () => void] {
  const [isRemainingShown, setHasRest] = useState(wasShown);
  const show = useCallback(() => {
    wasShown = true;
    startTransition(() => setHasRest(true));
  }, []);
  useEffect(() => {
    const timer = window.setTimeout(show, AT_THE_LATEST_MS);
    return () => window.clearTimeout(timer);
  }, [show]);
  return [isRemainingShown, show];
}
