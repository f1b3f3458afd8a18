import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef } from 'react';
import { toast } from 'sonner';
import { t } from '../ui/texts.ts';
import { ApiError, download, raw } from './api.ts';
import { sentenceOf } from './sentences.ts';

export interface Call {
  method: 'POST' | 'PUT' | 'DELETE';
  path: string;
  body?: unknown;
  /** Text for the toast after success. */
  what: string;
  /** The form that sent the call shows a refusal; there is no toast. */
  atForm?: boolean;
  /** Its sender tells what became of it: there is no toast after success. */
  isTold?: boolean;
}

/** The outcome is unknown; repeating the call under its key has its effect only once and returns the outcome. */
const isUnknown = (error: unknown): boolean =>
  error instanceof ApiError && (error.status === 0 || error.status >= 502 || error.code === 'IDEMPOTENCY_KEY_BUSY');
const MOST_REPEATS = 6;
const PENDING = 'pending call';

/** A change outside the lists of lines and pickups. It reports its result, and then reloads the queries `names`. */
export function useCall(...names: string[]) {
  const client = useQueryClient();
  // When an answer was lost, the repetition uses the same key, so that the call has its effect only once.
  const lost = useRef<{ call: string; key: string } | null>(null);
  return useMutation({
    retry: (repeats, error) => isUnknown(error) && repeats < MOST_REPEATS,
    retryDelay: (repeats) => Math.min(500 * 2 ** repeats, 5_000),
    networkMode: 'always',
    onSettled: () => toast.dismiss(PENDING),
    mutationFn: async ({ method, path, body, what }: Call) => {
      const call = JSON.stringify([method, path, body]);
      const key = lost.current?.call === call ? lost.current.key : crypto.randomUUID();
      lost.current = { call, key };
      const response = await raw(path, {
        method,
        headers: { 'idempotency-key': key, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }).catch((error: unknown) => {
        if (!isUnknown(error)) lost.current = null;
        else toast.loading(t('callPending', { what }), { id: PENDING });
        throw error;
      });
      lost.current = null;
      return response.json().catch(() => null) as Promise<unknown>;
    },
    onSuccess: (_data, { what, isTold }) => {
      if (!isTold) toast.success(t('done', { what }));
      for (const name of names) void client.invalidateQueries({ queryKey: [name] });
    },
    onError: (error, { what, atForm }) => {
      if (!atForm) toast.error(t('wholeFailed', { command: what, why: sentenceOf(error) }));
    },
  });
}

/** Saves a file of the API; reports an error if that fails. */
export function saveFile(path: string, name: string): Promise<void> {
  return download(path, name).catch((error: Error) => {
    toast.error(t('wholeFailed', { command: name, why: sentenceOf(error) }));
  });
}
