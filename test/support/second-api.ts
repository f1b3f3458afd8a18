import type { AddressInfo } from 'node:net';
import { type ServerType, serve } from '@hono/node-server';
import { createApp } from '../../api/app.ts';
import type { ApiDeps } from '../../api/http/deps.ts';
import type { Requests } from '../../requests/store.ts';
import { type Http, httpOf } from './http.ts';
import { signToken, withoutPii } from './stack.ts';

/** An API beside a stack's own, which can be taken away and brought back under its address. */
export interface SecondApi extends Http {
  url: string;
  requests: Requests;
  start: () => Promise<void>;
  stop: () => Promise<void>;
}

/** Starts one on the same servers; `config` is what it has otherwise. */
export async function startSecondApi(deps: ApiDeps, config: Partial<ApiDeps['config']> = {}): Promise<SecondApi> {
  const { app, requests } = createApp({ ...deps, config: { ...deps.config, ...config } });
  let port = 0;
  let server: ServerType;
  const start = () =>
    new Promise<void>((resolve) => {
      server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port }, (address: AddressInfo) => {
        port = address.port;
        resolve();
      });
    });
  const stop = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      if ('closeAllConnections' in server) server.closeAllConnections();
    });
  await start();
  const url = `http://127.0.0.1:${port}`;
  return { url, ...httpOf(url, await signToken(withoutPii)), requests, start, stop };
}
