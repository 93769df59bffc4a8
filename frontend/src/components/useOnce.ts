import { useEffect, useRef } from 'react';

/**
 * An action that is not begun again before it has ended. A disabled button is not enough: a second click, or Enter in
 * a field, may come before the page has drawn that it is busy.
 *
 * @param pending whether the action is under way.
 * @param error how the last try failed, if it did.
 */
export function useOnce<Given extends unknown[]>(
  pending: boolean,
  error: unknown,
  act: (...given: Given) => void,
): (...given: Given) => void {
  const begun = useRef(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another error ends a try too, however quickly it came
  useEffect(() => {
    begun.current = pending;
  }, [pending, error]);
  return (...given) => {
    if (begun.current) return;
    begun.current = true;
    act(...given);
  };
}
