import { useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { Params } from './list.ts';
import { useChanges } from './list.ts';
import { t } from './texts.ts';

interface CountProps {
  path: string;
  shown: number;
  total: number | undefined;
  atLeast: boolean | undefined;
  children?: ReactNode;
}

/** How much of the list is on the screen. */
export function Count({ shown, total, atLeast, children }: Omit<CountProps, 'path'>) {
  return (
    <span className="count">
      {t('shown', { n: shown })}{' '}
      {total !== undefined && <span className="muted">{atLeast ? t('atLeast', { n: total }) : t('ofTotal', { n: total })}</span>}{' '}
      {children}
    </span>
  );
}

/** Others have changed rows of this list; nothing jumps before somebody asks for it. */
export function News<Row extends { revision: number; state: string; updatedAt: string }>(props: {
  path: string;
  params: Params;
  rows: Row[];
  id: (row: Row) => string;
  readAt: number;
}) {
  const client = useQueryClient();
  const { path, params, rows, id, readAt } = props;
  const changes = useChanges(path, params, rows, id, readAt);
  if (changes === 0) return null;
  return (
    <button type="button" className="news" onClick={() => void client.invalidateQueries({ queryKey: [path, params] })}>
      {t('changed', { n: changes })} · {t('reload')}
    </button>
  );
}
