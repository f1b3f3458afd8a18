import type { ReactNode } from 'react';
import { type TextKey, t } from '../ui/texts.ts';

/** A small table, or a sentence that says why it is empty. Numbers are aligned right. */
export function Table<Row>({
  label,
  heads,
  right = [],
  rows,
  row,
  empty,
}: {
  label: string;
  heads: readonly TextKey[];
  right?: readonly TextKey[];
  rows: readonly Row[] | undefined;
  row: (row: Row) => ReactNode;
  empty: string;
}) {
  if (rows === undefined) return <p className="muted">{t('loading')}</p>;
  if (rows.length === 0) return <p className="empty">{empty}</p>;
  return (
    <div className="table">
      <table className="plain" aria-label={label}>
        <thead>
          <tr>
            {heads.map((head) => (
              <th key={head} scope="col" className={right.includes(head) ? 'right' : ''}>
                {t(head)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{rows.map(row)}</tbody>
      </table>
    </div>
  );
}

/** The pages of a paged list; nothing when there is only one. */
export function Pager({ page, pages, onPage }: { page: number; pages: number; onPage: (page: number) => void }) {
  if (pages <= 1) return null;
  return (
    <nav className="pager" aria-label={t('pages')}>
      <button type="button" disabled={page <= 1} onClick={() => onPage(page - 1)}>
        {t('previous')}
      </button>
      <span>
        {page} / {pages}
      </span>
      <button type="button" disabled={page >= pages} onClick={() => onPage(page + 1)}>
        {t('next')}
      </button>
    </nav>
  );
}
