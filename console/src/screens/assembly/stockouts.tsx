import type { ColDef } from 'ag-grid-community';
import { useMemo } from 'react';
import { Link } from 'react-router';
import type { Schemas } from '../../api/api.ts';
import { number, text } from '../../list/columns.tsx';
import { useMay } from '../../list/parts.tsx';
import { PlainList } from '../../list/plain-list.tsx';
import { age } from '../../ui/figures.ts';
import { shownName, t } from '../../ui/texts.ts';

type Stockout = Schemas['Stockout'];

/** 결품 현황: per product what waits, the stock, and what could be assembled; each figure links to its screen. */
export function Stockouts() {
  const may = useMay();
  const mayAssemble = may('assembly.read');
  const columns = useMemo<ColDef<Stockout>[]>(
    () => [
      text('productId', 90),
      text('productName', 200, { flex: 1, minWidth: 160 }),
      {
        ...number<Stockout>('waitingLines', 78),
        cellRenderer: ({ data, value }: { data: Stockout; value: number }) =>
          value > 0 ? (
            <Link className="link" to={`/lines/clear?productId=${data.productId}`}>
              {value.toLocaleString()}
            </Link>
          ) : (
            0
          ),
      },
      number('waitingQuantity', 78),
      {
        headerName: t('oldestOrderedAt'),
        colId: 'oldest',
        width: 110,
        valueGetter: ({ data }) => (data?.oldestOrderedAt ? age(data.oldestOrderedAt) : ''),
      },
      {
        ...number<Stockout>('stock', 72),
        cellRenderer: ({ data }: { data: Stockout }) => {
          const held = data.heldByMember;
          if (!data.isRegistered)
            return <span className="muted">{held ? t('heldByMember', { no: held }) : t('notRegistered')}</span>;
          const shown = data.stock === null ? t('notStocked') : data.stock.toLocaleString();
          return mayAssemble ? (
            <Link className="link" to={`/assembly/stock?product=${data.productId}`}>
              {shown}
            </Link>
          ) : (
            shown
          );
        },
      },
      number('available', 60),
      {
        ...number<Stockout>('shortage', 60),
        cellClass: ({ value }) => (value > 0 ? 'right red' : 'right'),
        headerTooltip: t('shortageNote'),
      },
      { ...number<Stockout>('shippedBeyondStock', 78), headerTooltip: t('shippedBeyondNote') },
      number('makeable', 78),
      {
        headerName: t('openPlans'),
        colId: 'openPlans',
        width: 220,
        valueGetter: ({ data }) =>
          data?.openPlans
            .map((plan) => `${shownName('plan', plan.planStatus, plan.planStatusName)} ${plan.planQuantity} (${plan.planDate})`)
            .join(', '),
        cellRenderer: ({ data, value }: { data: Stockout; value: string }) => {
          if (!data.isAssemblyProduct) return <span className="muted">{t('notAssembled')}</span>;
          if (!mayAssemble) return value || t('noPlans');
          return (
            <Link className="link" to={`/assembly/plans?assembly_product_uid=${data.assemblyProductUid}`}>
              {value || t('makePlan')}
            </Link>
          );
        },
      },
    ],
    [mayAssemble],
  );
  return (
    <PlainList<Stockout>
      path="/api/bo/v1/stockouts"
      name="stockouts"
      label={t('stockouts')}
      filters={[{ name: 'waiting', label: 'waitingOnly', options: [{ value: 'true', label: t('waiting.true') }] }]}
      columns={columns}
      rowId={(row) => String(row.productId)}
      empty={t('noStockouts')}
    >
      <span className="muted">{t('stockoutsNote')}</span>
    </PlainList>
  );
}
