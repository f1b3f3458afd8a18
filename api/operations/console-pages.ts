import { readFile } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Context } from 'hono';
import type { ApiEnv, App } from '../http/deps.ts';

const dist = join(import.meta.dirname, '..', '..', 'console', 'dist');
const zipped = promisify(gzip);

const types: Record<string, string> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};
const compressible = new Set(['.js', '.css', '.svg']);
/** Addresses of the API: a mistyped one gets a problem in JSON, not the console's page. */
const API = /^\/(api|item|v2|docs|console|openapi\.json|healthz|readyz|metrics)(\/|$)/;

interface Page {
  plain: Buffer<ArrayBuffer>;
  gzip: Buffer<ArrayBuffer> | undefined;
  type: string;
}

async function read(path: string): Promise<Page | undefined> {
  const extension = extname(path);
  const type = types[extension];
  if (type === undefined) return undefined;
  const plain = await readFile(path).catch(() => undefined);
  if (plain === undefined) return undefined;
  return { plain, type, gzip: compressible.has(extension) ? await zipped(plain) : undefined };
}

/**
 * The built console at `/`: a route for its files, whose names contain a hash of their content, and its page for every address that
 * is not the API's. The page is served last and without a route, because a route for every address would hide the API's routes in
 * metrics and logs.
 */
export function consolePages(app: App): { page: (c: Context<ApiEnv>) => Promise<Response | undefined> } {
  const assets = new Map<string, Page>();
  const send = (c: Context<ApiEnv>, { plain, gzip: small, type }: Page, cache: string) => {
    const headers = { 'content-type': type, 'cache-control': cache, vary: 'accept-encoding' };
    const chosen = /\bgzip\b/.test(c.req.header('accept-encoding') ?? '') ? small : undefined;
    return c.body(chosen ?? plain, 200, chosen ? { ...headers, 'content-encoding': 'gzip' } : headers);
  };
  app.get('/assets/*', async (c, next) => {
    const path = normalize(c.req.path);
    const found = assets.get(path) ?? (await read(join(dist, path)));
    if (!path.startsWith('/assets/') || found === undefined) return next();
    assets.set(path, found);
    return send(c, found, 'public, max-age=31536000, immutable');
  });
  return {
    async page(c) {
      const reads = c.req.method === 'GET' || c.req.method === 'HEAD';
      // `/` always gives the page; at other addresses only a browser gets it, and a program gets the error.
      const wantsPage = c.req.path === '/' || (c.req.header('accept')?.includes('text/html') ?? false);
      if (API.test(c.req.path) || !reads || !wantsPage) return undefined;
      const page = await readFile(join(dist, 'index.html'), 'utf8').catch(() => undefined);
      if (page === undefined) return undefined;
      return c.html(page.replace('__NONCE__', c.get('secureHeadersNonce') ?? ''), 200, { 'cache-control': 'no-cache' });
    },
  };
}
