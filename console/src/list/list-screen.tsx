import { useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { ApiError } from '../api/api.ts';
import { sentenceOf } from '../api/sentences.ts';
import { t } from '../ui/texts.ts';
import { bringNews, useChanges } from './follow.ts';
import type { Params } from './list.ts';
import type { Row } from './list-merge.ts';

/** How many rows of the list are loaded. */
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

/** Whether the next page is loading, or failed to load. */
export function ReadingOn({ isFetchingNextPage, trouble, fetchNextPage }: ReadOn) {
  if (isFetchingNextPage) return <span className="muted">{t('loading')}</span>;
  if (trouble === null) return null;
  return (
    <button type="button" className="news" onClick={() => void fetchNextPage()}>
      {trouble instanceof ApiError && trouble.status === 429 ? sentenceOf(trouble) : t('notReadOn')} · {t('again')}
    </button>
  );
}

/** Says that others have changed rows of this list; the rows change only when the user asks for it. */
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
