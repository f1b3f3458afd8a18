import { useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { t } from '../ui/texts.ts';
import { bringNews, useChanges } from './follow.ts';
import type { Params } from './list.ts';
import type { Row } from './list-merge.ts';

/** How much of the list is on the screen. */
export function Count({
  shown,
  total,
  atLeast,
  children,
}: {
  shown: number;
  total: number | undefined;
  atLeast: boolean | undefined;
  children?: ReactNode;
}) {
  return (
    <span className="count">
      {t('shown', { n: shown })}{' '}
      {total !== undefined && <span className="muted">{atLeast ? t('atLeast', { n: total }) : t('ofTotal', { n: total })}</span>}{' '}
      {children}
    </span>
  );
}

interface ReadOn {
  isFetchingNextPage: boolean;
  trouble: Error | null;
  fetchNextPage: () => unknown;
}

/** Whether the list is reading on, or could not. */
export function ReadingOn({ isFetchingNextPage, trouble, fetchNextPage }: ReadOn) {
  if (isFetchingNextPage) return <span className="muted">{t('loading')}</span>;
  if (trouble === null) return null;
  return (
    <button type="button" className="news" onClick={() => void fetchNextPage()}>
      {t('notReadOn')} · {t('again')}
    </button>
  );
}

/** Others have changed rows of this list; nothing jumps before somebody asks for it. */
export function News({
  path,
  params,
  list,
}: {
  path: string;
  params: Params;
  list: { rows: object[]; hasNextPage: boolean; asOf: string | undefined };
}) {
  const client = useQueryClient();
  const { rows, hasNextPage, asOf } = list;
  const changes = useChanges({ path, params, rows: rows as Row[], hasMore: hasNextPage, asOf });
  if (changes === 0) return null;
  return (
    <button type="button" className="news" onClick={() => void bringNews(client, [path, params], asOf ?? '')}>
      {t('changed', { n: changes })} · {t('reload')}
    </button>
  );
}
