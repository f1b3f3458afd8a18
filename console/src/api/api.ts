import createClient from 'openapi-fetch';
import { fileName } from '../ui/file-name.ts';
import { problemText } from '../ui/problem-texts.ts';
import type { components, paths } from './api-types.d.ts';
import { heardDate } from './clock.ts';
import { reached } from './connection.ts';
import { accepted, expire, tokenOfMoment } from './session.ts';

export type Schemas = components['schemas'];

/** An error answer of the API; status 0 = it could not be reached. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly errors: readonly { path: string; message: string }[];
  /** The id under which the API's log has this request. */
  readonly requestId: string;
  /** In a 403: the permission that the user lacks. */
  readonly permission: string;
  /** The whole answer, for fields that only one wire has. */
  readonly body: unknown;
  constructor(
    status: number,
    code: string,
    title: string,
    more: {
      errors?: readonly { path: string; message: string }[];
      requestId?: string;
      permission?: string;
      body?: unknown;
    } = {},
  ) {
    super(title);
    this.status = status;
    this.code = code;
    this.errors = more.errors ?? [];
    this.requestId = more.requestId ?? '';
    this.permission = more.permission ?? '';
    this.body = more.body ?? null;
  }
}

/**
 * Sends with the current token. A call whose token has expired waits for the sign-in and is sent again, which is safe because
 * nothing was done; many calls wait for one sign-in. Throws an `ApiError` of status 0 when the API could not be reached.
 */
export async function send(path: string | Request, init?: RequestInit): Promise<Response> {
  const request = new Request(path, init);
  for (;;) {
    const token = await tokenOfMoment();
    const attempt = request.clone();
    attempt.headers.set('authorization', `Bearer ${token}`);
    const response = await fetch(attempt).catch((error: unknown) => {
      if (request.signal.aborted) throw error;
      reached(false);
      throw new ApiError(0, 'OFFLINE', '');
    });
    // 502 and 504 come from the proxy in front of the API, when the API is away.
    heardDate(response.headers.get('date'));
    reached(response.status !== 502 && response.status !== 504);
    if (response.status !== 401) {
      accepted(token);
      return response;
    }
    const body: unknown = await response.json().catch(() => null);
    expire(token, problemText(textOf(body, 'code') ?? '', textOf(body, 'detail') ?? ''));
  }
}

export const api = createClient<paths>({
  baseUrl: location.origin,
  querySerializer: { array: { style: 'form', explode: true } },
  fetch: (request) => send(request),
});

interface Answered<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

const textOf = (value: unknown, name: string): string | undefined => {
  const found = typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
  return found === undefined || found === null ? undefined : String(found);
};

/** Turns an error answer of any wire (problem+json, ESM, Sabangnet) into an `ApiError`. */
export function errorOf({ status, headers }: Response, body: unknown): ApiError {
  const code = textOf(body, 'code') ?? textOf(body, 'resultCode') ?? String(status);
  const title = textOf(body, 'detail') ?? textOf(body, 'title') ?? textOf(body, 'message') ?? `HTTP ${status}`;
  const errors = typeof body === 'object' && body !== null ? Reflect.get(body, 'errors') : undefined;
  return new ApiError(status, code, title, {
    errors: Array.isArray(errors) ? errors : [],
    requestId: headers.get('x-request-id') ?? '',
    permission: textOf(body, 'permission') ?? '',
    body,
  });
}

/** The data of an answer; throws an `ApiError`. */
export async function get<T>(answer: Promise<Answered<T>>): Promise<T> {
  const { data, error, response } = await answer;
  if (data === undefined) throw errorOf(response, error);
  return data;
}

/** For routes without a typed shape (files, uploads). */
export async function raw(path: string, init: RequestInit = {}): Promise<Response> {
  const response = await send(path, init);
  if (!response.ok) throw errorOf(response, await response.json().catch(() => null));
  return response;
}

/** Saves a sheet of the API under this name without ending. A plain link cannot do that, because the token must be in a header. */
export async function download(path: string, name: string): Promise<void> {
  const url = URL.createObjectURL(await (await raw(path)).blob());
  const link = Object.assign(document.createElement('a'), { href: url, download: `${fileName(name)}.xlsx` });
  link.click();
  URL.revokeObjectURL(url);
}
