import type { Context } from 'hono';

/** Names of this machine, for itself alone. */
export const LOOPBACK = /^(localhost|\[?::1\]?|127\.\d{1,3}\.\d{1,3}\.\d{1,3})$/;

/**
 * What a browser or curl on this machine sends by itself. There is no list of what proxies add (`via`, `forwarded`, `x-real-ip`,
 * `cf-connecting-ip`, `x-amzn-trace-id`, …) that would not be out of date, so every other header counts as a proxy's.
 */
const OWN = new Set([
  'accept',
  'accept-charset',
  'accept-encoding',
  'accept-language',
  'authorization',
  'cache-control',
  'connection',
  'content-encoding',
  'content-length',
  'content-type',
  'cookie',
  'dnt',
  'expect',
  'host',
  'http2-settings',
  'keep-alive',
  'origin',
  'pragma',
  'priority',
  'range',
  'referer',
  'save-data',
  'te',
  'transfer-encoding',
  'upgrade',
  'upgrade-insecure-requests',
  'user-agent',
]);
const OWN_PREFIX = /^(sec|if)-/;

/** Whether an address is of this machine: `origin` and `referer` name the page that asks. */
const isLocal = (address: string | undefined): boolean =>
  address === undefined || (URL.canParse(address) && LOOPBACK.test(new URL(address).hostname));

/**
 * Why a request does not come straight from a page of this machine; null = nothing speaks against it. A tunnel that only passes bytes
 * on and whose user types a loopback address (`ssh -R`, `socat`) cannot be told from the machine's own user
 * (docs/operating.md#tokens).
 */
export function notOfThisMachine(c: Context): string | null {
  const headers = c.req.header();
  const added = Object.keys(headers).find((name) => !OWN.has(name) && !OWN_PREFIX.test(name));
  if (added !== undefined) return `the header ${added}`;
  // Absent where the app is called without a socket. nginx speaks 1.0 to what is behind it unless told otherwise; no browser does.
  const { incoming } = (c.env ?? {}) as { incoming?: { httpVersion?: string } };
  if (incoming?.httpVersion === '1.0') return 'HTTP/1.0';
  // A name that somebody else has pointed at this machine (DNS rebinding) is no name of it.
  if (!LOOPBACK.test((headers.host ?? '').replace(/:\d+$/, ''))) return 'the header host';
  if (!['same-origin', 'none', undefined].includes(headers['sec-fetch-site'])) return 'the header sec-fetch-site';
  return (['origin', 'referer'] as const).find((name) => !isLocal(headers[name])) ?? null;
}
