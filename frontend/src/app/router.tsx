import type { QueryClient } from '@tanstack/react-query';
import { createBrowserRouter, Navigate } from 'react-router';
import { datasetList } from '@/api/datasets';
import { PageSkeleton } from '@/components/PageSkeleton';
import { ErrorPage } from './ErrorPage';
import { GuestsOnly, SignedInOnly } from './gates';

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
                <SignedInOnly onReady={() => void queries.prefetchQuery(datasetList)}>
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
              lazy: async () => {
                // Half a megabyte that every chart needs: fetched while the session and the data are asked for.
                void import('plotly.js-cartesian-dist-min').catch(() => undefined);
                return { Component: (await import('@/features/analytics/DatasetPage')).DatasetPage };
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
