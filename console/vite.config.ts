import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const API = 'http://127.0.0.1:3000';

/** `npm run console` serves the sources and asks a running `npm start` for the rest. */
export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  server: {
    host: '127.0.0.1',
    proxy: Object.fromEntries(['/api', '/item', '/v2', '/console', '/openapi.json'].map((path) => [path, API])),
  },
  build: {
    target: 'es2022',
    chunkSizeWarningLimit: 1500,
    // The policy of the page allows no data: fonts and no inline scripts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});
