import { useQuery, useQueryClient } from '@tanstack/react-query';
import { lazy, type ReactNode, Suspense, useCallback, useSyncExternalStore } from 'react';
import { ApiError, api, get } from '../api/api.ts';
import { sentenceOf } from '../api/sentences.ts';
import { getSession, onSession, type Session } from '../api/session.ts';
import { Cards, useNarrow } from '../grid/cards.tsx';
import type { GridProps } from '../grid/grid.tsx';
import { shownName, t } from '../ui/texts.ts';
import type { Carrier } from '../waybills/waybill.ts';

export const useSession = (): Session => useSyncExternalStore(onSession, getSession);
export const useMay = () => {
  const { permissions } = useSession();
  return (permission: string) => permissions.has(permission);
};

const Lazy = lazy(() =>
  import('../grid/grid.tsx').then(({ Grid }) => ({ default: Grid as (props: GridProps<unknown>) => ReactNode })),
);

/** The grid is a large part of the console's code, so it is loaded with the first list; a narrow window gets cards. */
export function List<Row>(props: GridProps<Row>) {
  if (useNarrow()) return <Cards {...props} />;
  return (
    <Suspense fallback={<div className="grid waiting">{t('loading')}</div>}>
      <Lazy {...(props as GridProps<unknown>)} />
    </Suspense>
  );
}

/** Shows an error and a way to retry. */
export function Trouble({ error, again }: { error: Error; again?: () => void }) {
  const { status, code } = error instanceof ApiError ? error : { status: -1, code: '' };
  return (
    <div className="trouble" role="alert">
      <p>{sentenceOf(error)}</p>
      {status > 0 && status !== 403 && <p className="muted">{code}</p>}
      {again && status !== 403 && (
        <button type="button" onClick={again}>
          {t('again')}
        </button>
      )}
    </div>
  );
}

const carriersRead = {
  queryKey: ['carriers'],
  queryFn: () => get(api.GET('/api/bo/v1/carriers')),
  staleTime: Number.POSITIVE_INFINITY,
};

export function useCarriers() {
  const { permissions } = useSession();
  const { data } = useQuery({ ...carriersRead, enabled: permissions.has('delivery.read') });
  return data?.items ?? [];
}

/** The carriers once they have come: what is pasted or scanned before would be read without their names and patterns. */
export function useWhenCarriers(): () => Promise<readonly Carrier[]> {
  const client = useQueryClient();
  return useCallback(() => client.ensureQueryData(carriersRead).then(({ items }) => items), [client]);
}

export function State({ group, state, name }: { group: 'state' | 'pstate'; state: string; name: string }) {
  return (
    <span className={`state ${group}-${state}`} title={state}>
      {shownName(group, state, name)}
    </span>
  );
}
