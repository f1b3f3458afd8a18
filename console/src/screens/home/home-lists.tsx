import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { api, get, type Schemas } from '../../api/api.ts';
import { Table } from '../../list/table.tsx';
import { age } from '../../ui/figures.ts';
import { named, t } from '../../ui/texts.ts';

export const MOST_LISTED = 5;

/** The first few products that lines wait for, of `total`. */
export function HomeStockouts({ stockouts, total }: { stockouts: Schemas['Stockout'][]; total: number | undefined }) {
  return (
    <section className="board" aria-labelledby="top-stockouts">
      <div className="card-head">
        <h2 id="top-stockouts">{t('topStockouts')}</h2>
        <Link className="link" to="/stockouts?waiting=true">
          {t('showAll')} {total?.toLocaleString()}
        </Link>
      </div>
      <Table
        label={t('topStockouts')}
        heads={['productName', 'waitingLines', 'oldestOrderedAt', 'stock', 'makeable']}
        right={['waitingLines', 'stock', 'makeable']}
        rows={stockouts}
        empty={t('noStockouts')}
        row={(row) => (
          <tr key={row.productId}>
            <td className="wide">{row.productName}</td>
            <td className="right">
              <Link className="link" to={`/lines/clear?productId=${row.productId}`}>
                {row.waitingLines.toLocaleString()}
              </Link>
            </td>
            <td>{row.oldestOrderedAt ? age(row.oldestOrderedAt) : ''}</td>
            <td className="right">{row.stock ?? '–'}</td>
            <td className="right">{row.makeable}</td>
          </tr>
        )}
      />
    </section>
  );
}

/** The newest few tracking exceptions; read again when their number changes. */
export function HomeExceptions({ open }: { open: number }) {
  const path = '/api/bo/v1/tracking-exceptions';
  const { data } = useQuery({
    queryKey: [path, 'newest', open],
    queryFn: () => get(api.GET(path, { params: { query: { state: 'open', limit: MOST_LISTED } } })),
  });
  return (
    <section className="board" aria-labelledby="newest-exceptions">
      <div className="card-head">
        <h2 id="newest-exceptions">{t('newestExceptions')}</h2>
        <Link className="link" to="/exceptions?state=open">
          {t('showAll')}
        </Link>
      </div>
      <Table
        label={t('newestExceptions')}
        heads={['kind', 'waybillNo', 'why', 'lastAt']}
        rows={data?.items}
        empty={t('noExceptions')}
        row={(row) => (
          <tr key={row.id}>
            <td>
              <Link className="link" to={`/exceptions?state=open&waybillNo=${row.waybillNo}`}>
                {named('exceptionKind', row.kind)}
              </Link>
            </td>
            <td>{row.waybillNo}</td>
            <td className="wide">{row.reason}</td>
            <td>{age(row.lastAt)}</td>
          </tr>
        )}
      />
    </section>
  );
}
