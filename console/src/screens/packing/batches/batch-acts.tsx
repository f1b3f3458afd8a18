import { Link } from 'react-router';
import { useCall } from '../../../api/calls.ts';
import { claimsOf } from '../../../api/claims.ts';
import { useMay, useSession } from '../../../list/parts.tsx';
import { PrintButtons } from '../../../printing/print-buttons.tsx';
import { named, t } from '../../../ui/texts.ts';
import { batchLinesHref, batchReads, batchStates, ownerOf, WORK_BATCHES, type WorkBatch } from './batch.ts';

/** Who is signed in, as the API names owners; empty while nobody is. */
export function useSub(): string {
  const { token } = useSession();
  return token === null ? '' : claimsOf(token).sub;
}

/** Whether the user may change a batch: only its owner, and none that is completed. */
export function useMayChange(): (batch: WorkBatch) => boolean {
  const may = useMay();
  const sub = useSub();
  return ({ owner, state }) => may('delivery.write') && owner === sub && state !== 'completed';
}

/** Moves a batch on or back, takes it over, prints it, leads to its lines. */
export function BatchActs({ batch, chosen, onRemove }: { batch: WorkBatch; chosen: number; onRemove: () => void }) {
  const may = useMay();
  const mayChange = useMayChange()(batch);
  const call = useCall(...batchReads);
  const path = `${WORK_BATCHES}/${batch.workBatchNo}`;
  const at = batchStates.indexOf(batch.state);
  const [next, before] = [batchStates[at + 1], batchStates[at - 1]];
  const move = (state: WorkBatch['state'], what: string) =>
    call.mutate({ method: 'POST', path: `${path}/move`, body: { state }, what });
  return (
    <div className="card-actions" role="toolbar" aria-label={t('command')}>
      {mayChange && next && (
        <button
          type="button"
          className="primary"
          disabled={call.isPending}
          onClick={() => move(next, named('workBatchTo', next))}
        >
          {named('workBatchTo', next)}
        </button>
      )}
      {mayChange && before && (
        <button
          type="button"
          disabled={call.isPending}
          onClick={() => move(before, t('workBatchBack', { state: named('workBatch', before) }))}
        >
          {t('workBatchBack', { state: named('workBatch', before) })}
        </button>
      )}
      {mayChange && chosen > 0 && (
        <button type="button" onClick={onRemove}>
          {t('batchRemove', { n: chosen })}
        </button>
      )}
      {may('delivery.write') && !mayChange && batch.state !== 'completed' && (
        <>
          <span className="muted">{t('batchOwned', { who: ownerOf(batch) })}</span>
          <button
            type="button"
            disabled={call.isPending}
            onClick={() => call.mutate({ method: 'POST', path: `${path}/take-over`, what: t('batchTakeOver') })}
          >
            {t('batchTakeOver')}
          </button>
        </>
      )}
      <PrintButtons target={{ workBatchNo: batch.workBatchNo }} />
      <Link className="link" to={batchLinesHref(batch.workBatchNo)}>
        {t('batchInList')}
      </Link>
      {may('delivery.write') && batch.state === 'verifying' && (
        <Link className="link" to="/packing">
          {t('batchBench')}
        </Link>
      )}
    </div>
  );
}
