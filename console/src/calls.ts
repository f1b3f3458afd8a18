import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef } from 'react';
import { toast } from 'sonner';
import { ApiError, raw } from './api.ts';
import { sentenceOf } from './sentences.ts';
import { t } from './texts.ts';

interface Call {
  method: 'POST' | 'PUT';
  path: string;
  body?: unknown;
  /** What was done, for the toast. */
  what: string;
}

/** A call that changes something outside the lists of lines and pickups; it says what became of it, and `names` are read anew. */
export function useCall(...names: string[]) {
  const client = useQueryClient();
  // A repetition after an answer that was lost goes under the same key: it acts once.
  const lost = useRef<{ call: string; key: string } | null>(null);
  return useMutation({
    mutationFn: async ({ method, path, body }: Call) => {
      const call = JSON.stringify([method, path, body]);
      const key = lost.current?.call === call ? lost.current.key : crypto.randomUUID();
      lost.current = { call, key };
      const response = await raw(path, {
        method,
        headers: { 'idempotency-key': key, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }).catch((error: unknown) => {
        const unknown = error instanceof ApiError && (error.status === 0 || error.code === 'COMMAND_PENDING');
        if (!unknown) lost.current = null;
        throw error;
      });
      lost.current = null;
      return response.json().catch(() => null) as Promise<unknown>;
    },
    onSuccess: (_data, { what }) => {
      toast.success(t('done', { what }));
      for (const name of names) void client.invalidateQueries({ queryKey: [name] });
    },
    onError: (error, { what }) => toast.error(t('wholeFailed', { command: what, why: sentenceOf(error) })),
  });
}
