import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, get } from '../../../api/api.ts';
import { CallDialog } from '../../../commands/form.tsx';
import { usePlaceNames } from '../../../filters/places.ts';
import { Trouble } from '../../../list/parts.tsx';
import { exactly } from '../../../ui/figures.ts';
import { shownName, t } from '../../../ui/texts.ts';
import { type BatchResults, batchReads, ownerOf, WORK_BATCHES } from './batch.ts';
import { BatchActs, useMayChange } from './batch-acts.tsx';
import { BatchLines, isRemovable, lineId } from './batch-lines.tsx';
import { RefusedLines } from './line-results.tsx';

const EVERY_MS = 5_000;

/** One batch: its figures, what can be done with it, its lines, and those that fell out of it. */
export function OpenBatch({ no }: { no: number }) {
  const places = usePlaceNames();
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set());
  const [isRemoving, setRemoving] = useState(false);
  const [refused, setRefused] = useState<BatchResults['results']>([]);
  const mayChange = useMayChange();
  const {
    data: batch,
    error,
    refetch,
  } = useQuery({
    queryKey: [WORK_BATCHES, no],
    queryFn: () => get(api.GET(`${WORK_BATCHES}/{workBatchNo}`, { params: { path: { workBatchNo: no } } })),
    refetchInterval: EVERY_MS,
  });
  if (!batch) return error ? <Trouble error={error} again={() => void refetch()} /> : <p className="muted pad">{t('loading')}</p>;
  const name = t('workBatchOf', { no: String(no) });
  // A line that has been shipped or taken out meanwhile is not chosen any more.
  const chosen = [...batch.lines, ...batch.dropped].filter((line) => ids.has(lineId(line)) && isRemovable(line));
  const choose = (id: string) =>
    setIds((before) => {
      const next = new Set(before);
      if (!next.delete(id)) next.add(id);
      return next;
    });
  const { counts } = batch;
  const place = batch.placeNo === null ? '' : (places.get(batch.placeNo) ?? String(batch.placeNo));
  return (
    <section className="board" aria-label={name} data-state={batch.state}>
      <div className="card-head">
        <h2>
          {name} <span className={`state batch-${batch.state}`}>{shownName('workBatch', batch.state, batch.stateName)}</span>
        </h2>
        <span className="muted">{[ownerOf(batch), place, exactly(batch.createdAt)].filter(Boolean).join(' · ')}</span>
      </div>
      <dl className="figures">
        {(
          [
            ['batchLines', counts.lines, ''],
            ['batchOpen', counts.open, ''],
            ['batchShipped', counts.shipped, ''],
            ['batchDropped', counts.dropped, counts.dropped > 0 ? 'red' : ''],
          ] as const
        ).map(([figure, count, look]) => (
          <div key={figure} className={look} data-figure={figure}>
            <dt>{t(figure)}</dt>
            <dd>{count.toLocaleString()}</dd>
          </div>
        ))}
      </dl>
      <BatchActs batch={batch} chosen={chosen.length} onRemove={() => setRemoving(true)} />
      <RefusedLines results={refused} />
      <BatchLines batch={batch} chosen={{ ids, onChoose: mayChange(batch) ? choose : null }} />
      {isRemoving && (
        <CallDialog
          title={`${name} · ${t('batchRemove', { n: chosen.length })}`}
          submit={t('batchRemove', { n: chosen.length })}
          call={() => ({
            ...{ method: 'POST', path: `${WORK_BATCHES}/${no}/remove` },
            body: { lines: chosen.map(({ deliveryNo, lineNo }) => ({ deliveryNo, lineNo })) },
          })}
          reads={batchReads}
          onClose={() => setRemoving(false)}
          onDone={(answer) => {
            setRefused((answer as BatchResults).results.filter(({ ok }) => !ok));
            setIds(new Set());
          }}
        >
          <p>{t('ask.batchRemove', { n: chosen.length })}</p>
        </CallDialog>
      )}
    </section>
  );
}
