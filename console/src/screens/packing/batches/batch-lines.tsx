import { State, useCarriers } from '../../../list/parts.tsx';
import { Table } from '../../../list/table.tsx';
import { NumberLink } from '../../../panel/number-link.tsx';
import { shownName, t } from '../../../ui/texts.ts';
import type { WholeWorkBatch } from './batch.ts';

type BatchLine = WholeWorkBatch['lines'][number] | WholeWorkBatch['dropped'][number];

export const lineId = ({ deliveryNo, lineNo }: Pick<BatchLine, 'deliveryNo' | 'lineNo'>): string => `${deliveryNo}/${lineNo}`;
/** What may still be taken out: neither gone out with the batch nor out of it already. */
export const isRemovable = (line: BatchLine): boolean =>
  line.state !== 'shipped' && line.state !== 'delivered' && !('why' in line && line.why === 'removed');

interface Chosen {
  ids: ReadonlySet<string>;
  /** Null: nothing may be taken out of this batch here. */
  onChoose: ((id: string) => void) | null;
}

/** The lines of a batch and, apart from them, those that fell out of it, each with why. */
export function BatchLines({ batch, chosen }: { batch: WholeWorkBatch; chosen: Chosen }) {
  return (
    <>
      <h3>{t('batchLinesIn')}</h3>
      <Lines label={t('batchLinesIn')} lines={batch.lines} empty={t('batchNoLines')} chosen={chosen} />
      {batch.dropped.length > 0 && (
        <section className="dropped-lines" aria-label={t('batchLinesOut')}>
          <h3>
            {t('batchLinesOut')} <b className="red">{batch.dropped.length}</b>
          </h3>
          <p className="muted">{t('batchDroppedNote')}</p>
          <Lines label={t('batchLinesOut')} lines={batch.dropped} empty="" chosen={chosen} />
        </section>
      )}
    </>
  );
}

function Lines({ label, lines, empty, chosen }: { label: string; lines: BatchLine[]; empty: string; chosen: Chosen }) {
  const carriers = useCarriers();
  const { ids, onChoose } = chosen;
  const isOut = lines.some((line) => 'why' in line);
  const heads = ['deliveryNo', 'lineNo', 'productName', 'quantity', 'state', 'waybillNo', 'orderNo'] as const;
  return (
    <Table
      label={label}
      heads={[...(onChoose ? (['batchSelect'] as const) : []), ...(isOut ? (['batchWhy'] as const) : []), ...heads]}
      right={['quantity']}
      rows={lines}
      empty={empty}
      row={(line) => {
        const id = lineId(line);
        return (
          <tr key={id} data-line={id}>
            {onChoose && (
              <td>
                {isRemovable(line) && (
                  <input
                    type="checkbox"
                    aria-label={t('batchLine', { no: id })}
                    checked={ids.has(id)}
                    onChange={() => onChoose(id)}
                  />
                )}
              </td>
            )}
            {'why' in line && (
              <td>
                <span className="state dropped-line">{shownName('dropped', line.why, line.whyName)}</span>
              </td>
            )}
            <td>
              <NumberLink kind="delivery" no={line.deliveryNo} />
            </td>
            <td>{line.lineNo}</td>
            <td className="wide">
              {line.productName} <span className="muted">{line.optionName}</span>
            </td>
            <td className="right">{line.validQuantity}</td>
            <td>
              <State group="state" state={line.state} name={line.stateName} />
            </td>
            <td>{line.waybillNo && `${carriers.find(({ code }) => code === line.carrierCode)?.name ?? ''} ${line.waybillNo}`}</td>
            <td>
              <NumberLink kind="order" no={line.orderNo} />
            </td>
          </tr>
        );
      }}
    />
  );
}
