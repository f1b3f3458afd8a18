import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useSearchParams } from 'react-router';
import { api, download, get, raw, type Schemas } from '../api.ts';
import { useCall } from '../calls.ts';
import { Trouble, useMay } from '../parts.tsx';
import { exactly, t } from '../texts.ts';

const PATH = '/api/bo/v1/bulk-shipments';
type Job = Schemas['BulkShipment'];
type Checked = Schemas['BulkShipmentValidated'];
const WATCH_MS = 700;

/** 출고완료 일괄: drop, see what is wrong, start, watch. The job is in the address, so a reload goes on watching it. */
export function Bulk() {
  const [search, setSearch] = useSearchParams();
  const [uploading, setUploading] = useState<string | null>(null);
  const [over, setOver] = useState(false);
  const [trouble, setTrouble] = useState<Error | null>(null);
  const input = useRef<HTMLInputElement>(null);
  const client = useQueryClient();
  const may = useMay();
  const id = search.get('job');

  const upload = async (file: File | undefined) => {
    if (!file) return;
    setTrouble(null);
    setUploading(file.name);
    const form = new FormData();
    form.set('file', file);
    try {
      const response = await raw(PATH, { method: 'POST', body: form, headers: { 'idempotency-key': crypto.randomUUID() } });
      const job: Checked = await response.json();
      client.setQueryData([PATH, job.id], job);
      setSearch({ job: job.id });
      void client.invalidateQueries({ queryKey: [PATH, 'list'] });
    } catch (error) {
      setTrouble(error instanceof Error ? error : new Error(String(error)));
    } finally {
      setUploading(null);
      if (input.current) input.current.value = '';
    }
  };

  return (
    <div className="page">
      <div className="bar">
        <button type="button" onClick={() => void download(`${PATH}/template.xlsx`, 'template.xlsx')}>
          {t('template')}
        </button>
      </div>
      {may('delivery.write') && (
        <label
          className={`drop${over ? ' over' : ''}`}
          onDragOver={(event) => {
            event.preventDefault();
            setOver(true);
          }}
          onDragLeave={() => setOver(false)}
          onDrop={(event) => {
            event.preventDefault();
            setOver(false);
            void upload(event.dataTransfer.files[0]);
          }}
        >
          <span>{uploading === null ? t('dropSheet') : t('uploading', { name: uploading })}</span>
          <input
            ref={input}
            type="file"
            name="file"
            accept=".xlsx,.csv"
            onChange={(event) => void upload(event.target.files?.[0])}
          />
        </label>
      )}
      {trouble && <Trouble error={trouble} />}
      {id && <JobCard key={id} id={id} />}
      <Jobs onOpen={(job) => setSearch({ job })} />
    </div>
  );
}

function JobCard({ id }: { id: string }) {
  const client = useQueryClient();
  const call = useCall(PATH);
  const { data, error } = useQuery<Job | Checked>({
    queryKey: [PATH, id],
    queryFn: async () => {
      const job = await get(api.GET('/api/bo/v1/bulk-shipments/{id}', { params: { path: { id } } }));
      const before = client.getQueryData<Checked>([PATH, id]);
      return before && 'errors' in before ? { ...before, ...job } : job;
    },
    refetchInterval: ({ state }) => (state.data?.state === 'running' ? WATCH_MS : false),
  });
  const state = data?.state;
  useEffect(() => {
    if (state === 'completed')
      for (const name of ['/api/bo/v1/delivery-lines', '/api/bo/v1/summary']) void client.invalidateQueries({ queryKey: [name] });
  }, [state, client]);
  if (error) return <Trouble error={error} />;
  if (!data) return <p className="muted pad">{t('loading')}</p>;
  const errors = 'errors' in data ? data.errors : [];
  const toDo = data.valid || 1;
  return (
    <section className="card job" data-state={data.state} aria-label={data.fileName}>
      <div className="card-head">
        <b>{data.fileName}</b>
        <span className="state">{data.stateName}</span>
      </div>
      <p>
        <b>{t('validRows', { n: data.valid })}</b> ·{' '}
        <span className={data.invalid > 0 ? 'red' : ''}>{t('invalidRows', { n: data.invalid })}</span> ·{' '}
        {t('skippedRows', { n: data.skipped })}
      </p>
      {data.state === 'validated' && data.invalid > 0 && <p className="note warn">{t('fixAndDrop')}</p>}
      {errors.length > 0 && data.state === 'validated' && (
        <table className="plain">
          <thead>
            <tr>
              <th>{t('row')}</th>
              <th>{t('deliveryNo')}</th>
              <th>{t('why')}</th>
            </tr>
          </thead>
          <tbody>
            {errors.map((each) => (
              <tr key={`${each.row} ${each.code}`}>
                <td>{each.row}</td>
                <td>{each.deliveryNo}</td>
                <td>
                  {each.title} <span className="muted">{each.code}</span>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {data.state !== 'validated' && (
        <>
          <progress max={toDo} value={data.processed} aria-label={t('bulk')} />
          <p>{t('progress', { done: data.processed, all: data.valid, good: data.succeeded, bad: data.failed })}</p>
        </>
      )}
      <div className="card-actions">
        {data.state === 'validated' && data.valid > 0 && (
          <button
            type="button"
            className="primary"
            disabled={call.isPending}
            onClick={() => call.mutate({ method: 'POST', path: `${PATH}/${id}/start`, what: t('bulk') })}
          >
            {t('startJob', { n: data.valid })}
          </button>
        )}
        {(data.state === 'running' || data.state === 'validated') && (
          <button
            type="button"
            onClick={() => call.mutate({ method: 'POST', path: `${PATH}/${id}/cancel`, what: t('cancelJob') })}
          >
            {t('cancelJob')}
          </button>
        )}
        <button type="button" onClick={() => void download(`${PATH}/${id}/result.xlsx`, 'result.xlsx')}>
          {t('resultSheet')}
        </button>
      </div>
    </section>
  );
}

function Jobs({ onOpen }: { onOpen: (id: string) => void }) {
  const { data } = useQuery({
    queryKey: [PATH, 'list'],
    queryFn: () => get(api.GET('/api/bo/v1/bulk-shipments', { params: { query: { limit: 50 } } })),
    refetchInterval: 5_000,
  });
  return (
    <section>
      <h2>{t('jobs')}</h2>
      <table className="plain">
        <thead>
          <tr>
            {(['fileName', 'state', 'validRows', 'succeededCount', 'failedCount', 'by', 'createdAt'] as const).map((name) => (
              <th key={name}>{t(name, { n: '' })}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {data?.items.map((job) => (
            <tr key={job.id}>
              <td>
                <button type="button" className="link" onClick={() => onOpen(job.id)}>
                  {job.fileName}
                </button>
              </td>
              <td>{job.stateName}</td>
              <td>{job.valid}</td>
              <td>{job.succeeded}</td>
              <td>{job.failed}</td>
              <td>{job.by}</td>
              <td>{exactly(job.createdAt)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
