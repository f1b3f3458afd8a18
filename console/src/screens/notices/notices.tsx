import type { ColDef } from 'ag-grid-community';
import { useMemo, useState } from 'react';
import type { Schemas } from '../../api/api.ts';
import { CallDialog } from '../../commands/form.tsx';
import { instant, number, text } from '../../list/columns.tsx';
import type { Filter } from '../../list/filters.tsx';
import { useMay } from '../../list/parts.tsx';
import { PlainList } from '../../list/plain-list.tsx';
import { named, t } from '../../ui/texts.ts';
import { NoticeRules } from './notice-rules.tsx';

const NOTICES = '/api/bo/v1/notices';
type Notice = Schemas['Notice'];

const states = ['waiting', 'sending', 'sent', 'skipped', 'failed', 'unknown'] as const;
const mayBeSentAgain = ({ state }: Notice) => state === 'failed' || state === 'unknown' || state === 'skipped';

const filters: Filter[] = [
  { name: 'state', label: 'state', options: states.map((value) => ({ value, label: named('noticeState', value) })) },
  { name: 'orderNo', label: 'orderNo', width: 170 },
];

/** 알림톡: which events receivers are told of, and what became of each message. No name, no phone, no text. */
export function Notices() {
  const mayWrite = useMay()('event.write');
  const [asked, ask] = useState<Notice | null>(null);
  const columns = useMemo<ColDef<Notice>[]>(
    () => [
      { headerName: t('noticeType'), colId: 'type', width: 150, valueGetter: ({ data }) => named('noticeType', data?.type) },
      text('orderNo', 160),
      text('subject', 150),
      { headerName: t('state'), colId: 'state', width: 96, valueGetter: ({ data }) => named('noticeState', data?.state) },
      {
        headerName: t('reason'),
        colId: 'reason',
        flex: 1,
        minWidth: 180,
        valueGetter: ({ data }) => named('noticeReason', data?.reason),
      },
      number('attempts', 60),
      instant('dueAt'),
      instant('sentAt'),
      {
        headerName: t('command'),
        colId: 'act',
        width: 110,
        pinned: 'right',
        cellRenderer: ({ data }: { data: Notice }) =>
          mayWrite && mayBeSentAgain(data) ? (
            <button type="button" className="link" data-act="resend" onClick={() => ask(data)}>
              {t('resendNotice')}
            </button>
          ) : null,
      },
    ],
    [mayWrite],
  );
  return (
    <>
      <NoticeRules />
      <PlainList<Notice>
        path={NOTICES}
        name="notices"
        label={t('notices')}
        filters={filters}
        columns={columns}
        rowId={(row) => String(row.id)}
        empty={t('noNotices')}
        counted={false}
      />
      {asked && (
        <CallDialog
          title={t('resendNotice')}
          submit={t('resendNotice')}
          call={() => ({ method: 'POST', path: `${NOTICES}/resend`, body: { ids: [asked.id] } })}
          reads={[NOTICES]}
          onClose={() => ask(null)}
        >
          <p>
            {named('noticeType', asked.type)} · {asked.orderNo} · {named('noticeReason', asked.reason)}
          </p>
          <p className="note">{t('ask.resendNotice')}</p>
        </CallDialog>
      )}
    </>
  );
}
