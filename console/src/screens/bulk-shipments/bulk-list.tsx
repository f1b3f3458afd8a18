import { useInfiniteQuery } from '@tanstack/react-query';
import { api, get } from '../../api/api.ts';
import { Trouble } from '../../list/parts.tsx';
import { Table } from '../../list/table.tsx';
import { exactly } from '../../ui/figures.ts';
import { shownName, t } from '../../ui/texts.ts';
import { BULK } from './bulk-events.ts';

const EVERY_MS = 15_000;
const RUNNING_MS = 3_000;

/** Earlier sheets of all users, newest first; a click opens one. */
export function BulkJobs({ current, onOpen }: { current: string | null; onOpen: (id: string) => void }) {
  const jobs = useInfiniteQuery({
    queryKey: [BULK, 'list'],
    queryFn: ({ pageParam }) =>
      get(
        api.GET('/api/bo/v1/bulk-shipments', { params: { query: { limit: 20, ...(pageParam ? { cursor: pageParam } : {}) } } }),
      ),
    initialPageParam: '',
    getNextPageParam: (last) => last.nextCursor || undefined,
    refetchInterval: ({ state }) =>
      state.data?.pages.some(({ items }) => items.some((job) => job.state === 'running')) ? RUNNING_MS : EVERY_MS,
  });
  const rows = jobs.data?.pages.flatMap(({ items }) => items);
  return (
    <section>
      <h2>{t('jobs')}</h2>
      {jobs.error && !rows ? (
        <Trouble error={jobs.error} again={() => void jobs.refetch()} />
      ) : (
        <Table
          label={t('jobs')}
          heads={[
            'fileName',
            'state',
            'totalRows',
            'invalidCount',
            'succeededCount',
            'failedCount',
            'by',
            'createdAt',
            'finishedAt',
          ]}
          right={['totalRows', 'invalidCount', 'succeededCount', 'failedCount']}
          rows={rows}
          empty={t('noJobs')}
          row={(job) => (
            <tr key={job.id} aria-current={job.id === current}>
              <td>
                <button type="button" className="link" onClick={() => onOpen(job.id)}>
                  {job.fileName}
                </button>
              </td>
              <td>
                <span className={`state bulk-${job.state}`}>{shownName('bulk', job.state, job.stateName)}</span>
              </td>
              <td className="right">{job.total.toLocaleString()}</td>
              <td className={job.invalid > 0 ? 'right red' : 'right'}>{job.invalid.toLocaleString()}</td>
              <td className="right">{job.succeeded.toLocaleString()}</td>
              <td className={job.failed > 0 ? 'right red' : 'right'}>{job.failed.toLocaleString()}</td>
              <td>{job.byName ?? job.by}</td>
              <td>{exactly(job.createdAt)}</td>
              <td>{exactly(job.finishedAt)}</td>
            </tr>
          )}
        />
      )}
      {jobs.hasNextPage && (
        <button type="button" onClick={() => void jobs.fetchNextPage()}>
          {t('more')}
        </button>
      )}
    </section>
  );
}
