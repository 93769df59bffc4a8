import type { QueryClient } from '@tanstack/react-query';
import { createBrowserRouter, Navigate } from 'react-router';
import { refreshSession } from '@/api/client';
import { datasetListQuery, datasetQuery, versionsQuery } from '@/api/datasets';
import { isSignedIn, sessionHint } from '@/api/session';
import { PageSkeleton } from '@/components/PageSkeleton';
import { analysisQuery } from '@/features/dataset-page/api';
import { loadPlotly } from '@/features/dataset-page/chart/plotly';
import { readView } from '@/features/dataset-page/view';
import { ErrorPage } from './ErrorPage';
import { GuestsOnly, SignedInOnly } from './route-guards';

export function createRouter(queries: QueryClient) {
  return createBrowserRouter([
    {
      errorElement: <ErrorPage />,
      hydrateFallbackElement: <PageSkeleton />,
      children: [
        {
          element: <GuestsOnly />,
          children: [
            {
              path: '/login',
              lazy: async () => ({ Component: (await import('@/features/auth/LoginPage')).LoginPage }),
            },
            {
              path: '/register',
              lazy: async () => ({ Component: (await import('@/features/auth/RegisterPage')).RegisterPage }),
            },
          ],
        },
        {
          lazy: async () => {
            const { Shell } = await import('./shell/Shell');
            return {
              element: (
                <SignedInOnly onReady={() => void queries.prefetchQuery(datasetListQuery())}>
                  <Shell />
                </SignedInOnly>
              ),
            };
          },
          children: [
            { path: '/', element: <Navigate to="/datasets" replace /> },
            {
              path: '/datasets',
              lazy: async () => ({
                Component: (await import('@/features/datasets/DatasetsPage')).DatasetsPage,
              }),
            },
            {
              path: '/upload',
              lazy: async () => ({
                Component: (await import('@/features/datasets/upload/UploadPage')).UploadPage,
              }),
            },
            {
              path: '/datasets/:datasetId',
              loader: ({ params: { datasetId = '' }, request }) =>
                askForDataset(queries, datasetId, request.url),
              // A zoom or a selection changes the address and asks for itself.
              shouldRevalidate: () => false,
              lazy: async () => {
                loadPlotly().catch(() => undefined);
                return { Component: (await import('@/features/dataset-page/DatasetPage')).DatasetPage };
              },
            },
            {
              path: '/reports',
              lazy: async () => ({ Component: (await import('@/features/reports/ReportsPage')).ReportsPage }),
            },
            { path: '*', lazy: async () => ({ Component: (await import('./NotFoundPage')).NotFoundPage }) },
          ],
        },
      ],
    },
  ]);
}

/** The dataset and its analysis, both at once and beside the page's code: nothing waits for their answers here. */
function askForDataset(queries: QueryClient, datasetId: string, address: string): null {
  if (!isSignedIn()) {
    if (sessionHint() === 'no') return null;
    // The gate asks too; if it finds a user signed in, the page is drawn at once and not in three steps.
    refreshSession().catch(() => undefined);
  }
  const view = readView(new URL(address).searchParams);
  void queries.prefetchQuery(datasetQuery(datasetId));
  void queries.prefetchQuery(versionsQuery(datasetId));
  const views = view.compared.length > 0 ? view.compared.map((metric) => ({ ...view, metric })) : [view];
  for (const one of views) void queries.prefetchQuery(analysisQuery(datasetId, one));
  return null;
}
