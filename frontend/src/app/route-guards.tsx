import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useEffect, useSyncExternalStore } from 'react';
import { Navigate, Outlet, useLocation, useSearchParams } from 'react-router';
import { refreshSession } from '@/api/client';
import { queryKeys } from '@/api/query-keys';
import { isSignedIn, onSessionChange, sessionHint } from '@/api/session';
import { ErrorState } from '@/components/ErrorState';
import { PageSkeleton } from '@/components/PageSkeleton';

/** Is a user signed in? After a reload the refresh cookie answers, if there may be one. */
function useSignedIn(mayHave: (hint: string) => boolean): {
  signedIn: boolean;
  asking: boolean;
  error: unknown;
  retry: () => void;
} {
  const signedIn = useSyncExternalStore(onSessionChange, isSignedIn);
  const ask = !signedIn && mayHave(sessionHint());
  const { data, isFetching, error, refetch } = useQuery({
    queryKey: queryKeys.session,
    // A page's loader may have renewed the session between the drawing and this request.
    queryFn: async () => isSignedIn() || refreshSession(),
    enabled: ask,
    retry: 1,
    gcTime: 0,
  });
  return {
    signedIn,
    asking: ask && data === undefined && (isFetching || !error),
    error: ask ? error : null,
    retry: () => void refetch(),
  };
}

export function SignedInOnly({ children, onReady }: { children: ReactNode; onReady: () => void }) {
  const { signedIn, asking, error, retry } = useSignedIn((hint) => hint !== 'no');
  const location = useLocation();
  useEffect(() => {
    if (signedIn) onReady();
  }, [signedIn, onReady]);
  if (signedIn) return children;
  if (error) return <ErrorState title="Driftline does not answer" error={error} onRetry={retry} />;
  if (asking) return <PageSkeleton />;
  const back =
    location.pathname === '/' ? '' : `?next=${encodeURIComponent(location.pathname + location.search)}`;
  return <Navigate to={`/login${back}`} replace />;
}

export function GuestsOnly() {
  const { signedIn, asking } = useSignedIn((hint) => hint === 'yes');
  const [search] = useSearchParams();
  if (signedIn) return <Navigate to={safePath(search.get('next'))} replace />;
  if (asking) return <PageSkeleton />;
  return <Outlet />;
}

/** Only a path of our own may follow a sign-in. */
export function safePath(next: string | null): string {
  return next?.startsWith('/') && !next.startsWith('//') && !next.includes('\\') ? next : '/datasets';
}
