import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useSearchParams } from 'react-router';
import { api, get } from '../../../api/api.ts';
import { usePlaceFilter, usePlaceNames } from '../../../filters/places.ts';
import { type Filter, Filters } from '../../../list/filters.tsx';
import { Trouble } from '../../../list/parts.tsx';
import { Table } from '../../../list/table.tsx';
import { exactly } from '../../../ui/figures.ts';
import { named, shownName, t } from '../../../ui/texts.ts';
import { batchStates, ownerOf, WORK_BATCHES } from './batch.ts';
import { useSub } from './batch-acts.tsx';
import { OpenBatch } from './work-batch.tsx';

const EVERY_MS = 15_000;
const MINE = 'mine';

const ofState = (): Filter => ({
  ...{ name: 'state', label: 'state' },
  options: batchStates.map((value) => ({ value, label: named('workBatch', value) })),
});
const ofOwner = (): Filter => ({ name: 'owner', label: 'batchOwner', options: [{ value: MINE, label: t('batchMine') }] });

/** 작업차수: the batches, newest first; the open one is in the address, so a reload returns to it. */
export function WorkBatches() {
  const [search] = useSearchParams();
  const sub = useSub();
  const places = usePlaceNames();
  const ofPlace = usePlaceFilter(search);
  const open = Number(search.get('batch')) || null;
  const state = batchStates.find((each) => each === search.get('state'));
  const owner = search.get('owner') === MINE ? sub : '';
  const placeNo = Number(search.get('placeNo')) || undefined;
  const filter = { ...(state && { state }), ...(owner && { owner }), ...(placeNo && { placeNo }) };
  const batches = useInfiniteQuery({
    queryKey: [WORK_BATCHES, 'list', filter],
    queryFn: ({ pageParam }) =>
      get(api.GET(WORK_BATCHES, { params: { query: { ...filter, ...(pageParam ? { cursor: pageParam } : {}) } } })),
    initialPageParam: '',
    getNextPageParam: (last) => last.nextCursor || undefined,
    refetchInterval: EVERY_MS,
  });
  const rows = batches.data?.pages.flatMap(({ items }) => items);
  const hrefOf = (no: number) => {
    const next = new URLSearchParams(search);
    next.set('batch', String(no));
    return `?${next}`;
  };
  return (
    <div className="page">
      {open !== null && <OpenBatch key={open} no={open} />}
      <section>
        <h2>{t('workBatches')}</h2>
        <Filters filters={[ofState(), ofOwner(), ofPlace]} />
        {batches.error && !rows ? (
          <Trouble error={batches.error} again={() => void batches.refetch()} />
        ) : (
          <Table
            label={t('workBatches')}
            heads={[
              ...(['workBatchNo', 'state', 'batchOwner', 'placeNo', 'batchLines', 'batchOpen'] as const),
              ...(['batchShipped', 'batchDropped', 'batchMadeAt', 'finishedAt'] as const),
            ]}
            right={['batchLines', 'batchOpen', 'batchShipped', 'batchDropped']}
            rows={rows}
            empty={t('noBatches')}
            row={(batch) => (
              <tr key={batch.workBatchNo} aria-current={batch.workBatchNo === open} data-batch={batch.workBatchNo}>
                <td>
                  <Link className="link" to={hrefOf(batch.workBatchNo)}>
                    {batch.workBatchNo}
                  </Link>
                </td>
                <td>
                  <span className={`state batch-${batch.state}`}>{shownName('workBatch', batch.state, batch.stateName)}</span>
                </td>
                <td>{ownerOf(batch)}</td>
                <td>{batch.placeNo === null ? '' : (places.get(batch.placeNo) ?? batch.placeNo)}</td>
                <td className="right">{batch.counts.lines.toLocaleString()}</td>
                <td className="right">{batch.counts.open.toLocaleString()}</td>
                <td className="right">{batch.counts.shipped.toLocaleString()}</td>
                <td className={batch.counts.dropped > 0 ? 'right red' : 'right'}>{batch.counts.dropped.toLocaleString()}</td>
                <td>{exactly(batch.createdAt)}</td>
                <td>{exactly(batch.completedAt)}</td>
              </tr>
            )}
          />
        )}
        {batches.hasNextPage && (
          <button type="button" disabled={batches.isFetching} onClick={() => void batches.fetchNextPage()}>
            {t('more')}
          </button>
        )}
      </section>
    </div>
  );
}
