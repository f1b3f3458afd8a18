import { request } from 'node:http';

/** What an API of ours answered. */
export interface Answer<T = any> {
  status: number;
  headers: Headers;
  body: T;
}

export interface SendOptions {
  headers?: Record<string, string>;
  token?: string | null;
}

/** Calls one API over real HTTP, with a token unless the call brings its own. */
export interface Http {
  get: <T = any>(path: string, options?: SendOptions) => Promise<Answer<T>>;
  post: <T = any>(path: string, body: unknown, options?: SendOptions) => Promise<Answer<T>>;
  put: <T = any>(path: string, body: unknown, options?: SendOptions) => Promise<Answer<T>>;
  delete: <T = any>(path: string, options?: SendOptions) => Promise<Answer<T>>;
}

/** `defaultToken` is sent by calls that name none; a text body goes as it is, anything else as JSON. */
export function httpOf(url: string, defaultToken: string): Http {
  const send = async (method: string, path: string, body: unknown, { headers = {}, token = defaultToken }: SendOptions = {}) => {
    const response = await fetch(url + path, {
      method,
      headers: {
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const json = /json/.test(response.headers.get('content-type') ?? '');
    return { status: response.status, headers: response.headers, body: json ? JSON.parse(text) : text };
  };
  return {
    get: (path, options) => send('GET', path, undefined, options),
    post: (path, body, options) => send('POST', path, body, options),
    put: (path, body, options) => send('PUT', path, body, options),
    delete: (path, options) => send('DELETE', path, undefined, options),
  };
}

/** Sends the body in pieces without a content-length, as `transfer-encoding: chunked`. */
export const postChunked = (url: string, token: string, body: string, piece = 64 * 1024) =>
  new Promise<{ status: number; body: string }>((resolve, reject) => {
    const sent = request(
      url,
      { method: 'POST', headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' } },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (data) => {
          text += data;
        });
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body: text }));
      },
    );
    sent.on('error', reject);
    for (let at = 0; at < body.length; at += piece) sent.write(body.slice(at, at + piece));
    sent.end();
  });
