import { useState } from 'react';
import { useNavigate } from 'react-router';
import { useCall } from '../../../api/calls.ts';
import { useMay } from '../../../list/parts.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { batchHref } from '../../../ui/opened.ts';
import { t } from '../../../ui/texts.ts';
import { type BatchResults, batchReads, WORK_BATCHES } from './batch.ts';
import { RefusedLines } from './line-results.tsx';

const MOST_LINES = 500;

/** 작업차수 만들기 of the selected lines; what became of each of them is told, and the batch is one Enter away. */
export function MakeBatch({ lines }: { lines: readonly { deliveryNo: string; lineNo: number }[] }) {
  const may = useMay();
  const go = useNavigate();
  const call = useCall(...batchReads);
  const [made, setMade] = useState<BatchResults | null>(null);
  if (!may('delivery.write')) return null;
  const isTooMany = lines.length > MOST_LINES;
  const make = () =>
    call.mutate(
      {
        ...{ method: 'POST', path: WORK_BATCHES, what: t('makeBatch'), isTold: true },
        body: { lines: lines.map(({ deliveryNo, lineNo }) => ({ deliveryNo, lineNo })) },
      },
      { onSuccess: (answer) => setMade(answer as BatchResults) },
    );
  const no = made?.workBatchNo ?? null;
  return (
    <>
      <button
        type="button"
        disabled={call.isPending || isTooMany}
        title={isTooMany ? t('makeBatchMost', { n: MOST_LINES }) : undefined}
        onClick={make}
      >
        {t('makeBatch')}
      </button>
      {made && (
        <Dialog
          title={t('makeBatch')}
          submit={t('openBatch')}
          onClose={() => setMade(null)}
          {...(no === null ? {} : { onSubmit: () => void go(batchHref(no)) })}
        >
          <p>{no === null ? t('madeNoBatch') : t('madeBatch', { no: String(no), n: made.succeeded })}</p>
          <RefusedLines results={made.results} />
        </Dialog>
      )}
    </>
  );
}
