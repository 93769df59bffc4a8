import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

const PRELOAD = fileURLToPath(new URL('./src/app/preload.ts', import.meta.url));

/**
 * Puts the preload script into the page: async, so that it waits neither for the others nor for the style sheet, and at
 * the head's end, so that the style sheets it asks for stand behind the page's own and overrule those.
 */
function preloadScript(): Plugin {
  return {
    name: 'driftline-preload-script',
    transformIndexHtml: {
      order: 'post',
      handler(_, { bundle }) {
        const chunk = Object.values(bundle ?? {}).find(
          (one) => one.type === 'chunk' && one.facadeModuleId === PRELOAD,
        );
        const src = bundle ? `/${chunk?.fileName}` : '/src/app/preload.ts';
        return [
          {
            tag: 'script',
            attrs: { type: 'module', async: true, fetchpriority: 'high', src },
            injectTo: 'head',
          },
        ];
      },
    },
  };
}

export default defineConfig({
  plugins: [react(), preloadScript()],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  server: { host: '127.0.0.1', port: 5173, proxy: { '/api': 'http://127.0.0.1:8000' } },
  build: {
    target: 'es2023',
    // The charts' library is one lazy chunk of 1.2 MB; scripts/budget.mjs watches what a first visit loads.
    chunkSizeWarningLimit: 2000,
    // data: fonts would break under the server's font-src 'self'.
    assetsInlineLimit: 0,
    rolldownOptions: { input: ['index.html', PRELOAD] },
  },
  test: {
    environment: 'jsdom',
    setupFiles: ['src/testing/setup.ts'],
    include: ['src/**/*.test.{ts,tsx}'],
    restoreMocks: true,
    testTimeout: 30_000,
    reporters: ['default', './scripts/closing-line.mjs'],
  },
});
