import createClient from 'openapi-fetch';
import type { components, paths } from './api-types.d.ts';
import { expire, getSession } from './session.ts';

export type Schemas = components['schemas'];

/** What the API answered instead of data; status 0 = it could not be reached. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly errors: readonly { path: string; message: string }[];
  constructor(status: number, code: string, title: string, errors: readonly { path: string; message: string }[] = []) {
    super(title);
    this.status = status;
    this.code = code;
    this.errors = errors;
  }
}

export const authorization = (): Record<string, string> => {
  const { token } = getSession();
  return token === null ? {} : { authorization: `Bearer ${token}` };
};

export const api = createClient<paths>({
  baseUrl: location.origin,
  querySerializer: { array: { style: 'form', explode: true } },
});
api.use({
  onRequest: ({ request }) => {
    for (const [name, value] of Object.entries(authorization())) request.headers.set(name, value);
  },
  onResponse: ({ response }) => {
    if (response.status === 401) expire();
  },
  onError: () => new ApiError(0, 'OFFLINE', ''),
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

/** An answer of whatever wire (problem+json, ESM, Sabangnet) as one kind of error. */
export function errorOf(status: number, body: unknown): ApiError {
  const code = textOf(body, 'code') ?? textOf(body, 'resultCode') ?? String(status);
  const title = textOf(body, 'detail') ?? textOf(body, 'title') ?? textOf(body, 'message') ?? `HTTP ${status}`;
  const errors = typeof body === 'object' && body !== null ? Reflect.get(body, 'errors') : undefined;
  return new ApiError(status, code, title, Array.isArray(errors) ? errors : []);
}

/** The data of an answer; throws an `ApiError`. */
export async function get<T>(answer: Promise<Answered<T>>): Promise<T> {
  const { data, error, response } = await answer;
  if (data === undefined) throw errorOf(response.status, error);
  return data;
}

/** For routes without a typed shape (files, uploads). */
export async function raw(path: string, init: RequestInit = {}): Promise<Response> {
  const response = await fetch(path, { ...init, headers: { ...init.headers, ...authorization() } }).catch(() => {
    throw new ApiError(0, 'OFFLINE', '');
  });
  if (response.status === 401) expire();
  if (!response.ok) throw errorOf(response.status, await response.json().catch(() => null));
  return response;
}

/** Saves a file of the API: the token goes in a header, so a plain link cannot. */
export async function download(path: string, name: string): Promise<void> {
  const url = URL.createObjectURL(await (await raw(path)).blob());
  const link = Object.assign(document.createElement('a'), { href: url, download: name });
  link.click();
  URL.revokeObjectURL(url);
}
