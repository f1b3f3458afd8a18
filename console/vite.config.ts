import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

const API = 'http://127.0.0.1:3000';

/** Sonner puts its styles into the page by itself, which the page's policy forbids; main.tsx has them as a file. */
const sonnerStyles: Plugin = {
  name: 'sonner-styles',
  apply: 'build',
  transform: (code, id) => (id.includes('/sonner/dist/') ? code.replace(/^__insertCSS\(/m, 'void (') : null),
};

/** `npm run console` serves the sources and asks a running `npm start` for the rest. */
export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), sonnerStyles],
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
