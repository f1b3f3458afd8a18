import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useSearchParams } from 'react-router';
import { toast } from 'sonner';
import { ApiError, raw, type Schemas } from '../../api/api.ts';
import { saveFile } from '../../api/calls.ts';
import { Refusal } from '../../commands/form.tsx';
import { useMay } from '../../list/parts.tsx';
import { t } from '../../ui/texts.ts';
import { BULK } from './bulk-events.ts';
import { BulkJob } from './bulk-job.tsx';
import { BulkJobs } from './bulk-list.tsx';

/** 출고완료 일괄: upload, check the errors, start, watch. The job is in the address, so a reload returns to it. */
export function Bulk() {
  const [search, setSearch] = useSearchParams();
  const may = useMay();
  const id = search.get('job');
  const open = (job: string) => setSearch({ job });
  return (
    <div className="page">
      {may('delivery.write') && <Upload onJob={open} again={id !== null} />}
      {id && <BulkJob key={id} id={id} />}
      <BulkJobs current={id} onOpen={open} />
    </div>
  );
}

/** The sheets that may be meant, where a workbook has several with our header. */
const sheetsOf = (error: Error): string[] => {
  const { sheets } = (error instanceof ApiError && error.code === 'SHEET_AMBIGUOUS' ? error.body : {}) as { sheets?: string[] };
  return sheets ?? [];
};

/** What an upload asks for, to be sent again as it was: its key, its sheet, and whether rows that are no parcels are shipped too. */
interface Again {
  key?: string;
  sheet?: string;
  also?: boolean;
}

/** Uploads a dropped or chosen sheet. If the answer was lost, it is sent again under the same key, so that it makes one job. */
function Upload({ onJob, again }: { onJob: (id: string) => void; again: boolean }) {
  const [sending, setSending] = useState<string | null>(null);
  const [over, setOver] = useState(false);
  const [others, setOthers] = useState(false);
  const [trouble, setTrouble] = useState<{ error: Error; file: File; asked: Again } | null>(null);
  const input = useRef<HTMLInputElement>(null);
  // A user who has gone to another screen meanwhile must not be taken back to this one.
  const isHere = useRef(true);
  useEffect(() => {
    isHere.current = true;
    return () => {
      isHere.current = false;
    };
  }, []);
  const client = useQueryClient();

  const upload = async (file: File | undefined, { key = crypto.randomUUID(), also = others, sheet }: Again = {}) => {
    if (!file || sending !== null) return;
    setTrouble(null);
    setSending(file.name);
    const form = new FormData();
    form.set('file', file);
    try {
      const query = new URLSearchParams({ ...(sheet === undefined ? {} : { sheet }), ...(also ? { others: 'include' } : {}) });
      const path = query.size === 0 ? BULK : `${BULK}?${query}`;
      const response = await raw(path, { method: 'POST', body: form, headers: { 'idempotency-key': key } });
      const job: Schemas['BulkShipmentValidated'] = await response.json();
      client.setQueryData([BULK, job.id], job);
      if (isHere.current) onJob(job.id);
      else toast.success(t('uploaded', { name: file.name }));
      void client.invalidateQueries({ queryKey: [BULK, 'list'] });
    } catch (error) {
      const asked = { key, also, ...(sheet === undefined ? {} : { sheet }) };
      setTrouble({ error: error instanceof Error ? error : new Error(String(error)), file, asked });
    } finally {
      setSending(null);
      if (input.current) input.current.value = '';
    }
  };

  return (
    <section aria-label={t('dropSheet')}>
      <label
        className={`drop${over ? ' over' : ''}${again ? ' small' : ''}`}
        aria-busy={sending !== null}
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
        <input
          ref={input}
          className="unseen"
          type="file"
          name="file"
          accept=".xlsx,.csv"
          disabled={sending !== null}
          onChange={(event) => void upload(event.target.files?.[0])}
        />
        <b>{sending === null ? t(again ? 'dropAgain' : 'dropSheet') : t('uploading', { name: sending })}</b>
        <span className="as-button">{t('chooseFile')}</span>
        <span className="muted">{t('dropNote')}</span>
      </label>
      <div className="bar">
        <button type="button" className="quiet" onClick={() => void saveFile(`${BULK}/template.xlsx`, t('templateName'))}>
          {t('template')}
        </button>
        <span className="muted">{t('templateNote')}</span>
      </div>
      <label className="check">
        <input
          type="checkbox"
          name="others"
          checked={others}
          disabled={sending !== null}
          onChange={(event) => setOthers(event.target.checked)}
        />
        <span>{t('othersToo')}</span> <span className="muted">{t('othersNote')}</span>
      </label>
      {trouble && (
        <>
          <p className="muted">{trouble.file.name}</p>
          <Refusal error={trouble.error} />
          {sheetsOf(trouble.error).map((sheet) => (
            <button key={sheet} type="button" onClick={() => void upload(trouble.file, { sheet })}>
              {t('readSheet', { sheet })}
            </button>
          ))}
          <button type="button" onClick={() => void upload(trouble.file, trouble.asked)}>
            {t('again')}
          </button>
        </>
      )}
    </section>
  );
}
