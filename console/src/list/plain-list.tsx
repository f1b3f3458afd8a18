import { useQuery } from '@tanstack/react-query';
import type { ColDef } from 'ag-grid-community';
import { type ReactNode, useEffect, useRef } from 'react';
import { useSearchParams } from 'react-router';
import { t } from '../ui/texts.ts';
import { type Filter, Filters } from './filters.tsx';
import { type Params, page, useList } from './list.ts';
import { Count } from './list-screen.tsx';
import { List, Trouble } from './parts.tsx';

const WATCH_MS = 10_000;
const OLD_MS = 5_000;
const MOST_NEWS = 100;

interface PlainListProps<Row> {
  path: string;
  name: string;
  label: string;
  filters: Filter[];
  columns: ColDef<Row>[];
  rowId: (row: Row) => string;
  empty: string;
  counted?: boolean;
  /** Filters that find the changes since an instant; without it the list reloads by itself. */
  since?: (at: string) => Params;
  onOpen?: (row: Row) => void;
  children?: ReactNode;
}

/** A list without commands in the grid: filters in the address, pages loaded while scrolling, changes merged on request. */
export function PlainList<Row>(props: PlainListProps<Row>) {
  const { path, name, label, filters, columns, rowId, empty, counted = true, since, onOpen, children } = props;
  const [search] = useSearchParams();
  const asked = Object.fromEntries([...search].filter(([field]) => filters.some((filter) => filter.name === field)));
  const list = useList<Row>(path, asked, counted);
  const { dataUpdatedAt: readAt, asOf, refetch } = list;

  const opened = useRef(false);
  useEffect(() => {
    if (!opened.current && readAt > 0 && Date.now() - readAt > OLD_MS) void refetch();
    opened.current = true;
    if (since) return;
    const timer = setInterval(() => {
      if (!document.hidden) void refetch();
    }, WATCH_MS);
    return () => clearInterval(timer);
  }, [since, readAt, refetch]);

  const { data: news = 0 } = useQuery({
    queryKey: ['news', path, asked, asOf],
    enabled: since !== undefined && asOf !== undefined,
    refetchInterval: WATCH_MS,
    queryFn: async () => {
      const found = asOf && since?.(asOf);
      return found ? (await page<Row>(path, { ...asked, ...found, limit: String(MOST_NEWS) })).items.length : 0;
    },
  });
  return (
    <>
      {filters.length > 0 && <Filters filters={filters} />}
      <div className="bar">
        <Count shown={list.rows.length} total={list.first?.total} atLeast={list.first?.totalIsMinimum} />
        {list.trouble && <b className="red">{t('notRefreshed')}</b>}
        {news > 0 && (
          <button type="button" className="news" onClick={() => void refetch()}>
            {t('changed', { n: news })} · {t('reload')}
          </button>
        )}
        {children}
      </div>
      {list.error ? (
        <Trouble error={list.error} again={() => void refetch()} />
      ) : (
        <List<Row>
          name={name}
          label={label}
          rows={list.rows}
          columns={columns}
          rowId={rowId}
          loading={list.isPending}
          empty={empty}
          onMore={list.more}
          {...(onOpen ? { onOpen } : {})}
        />
      )}
    </>
  );
}
