import type { ColDef } from 'ag-grid-community';
import { useMemo } from 'react';
import type { Schemas } from '../../api/api.ts';
import { instant, text } from '../../list/columns.tsx';
import type { Filter } from '../../list/filters.tsx';
import { PlainList } from '../../list/plain-list.tsx';
import { named, t } from '../../ui/texts.ts';

type Access = Schemas['PersonalDataAccess'];

const filters: Filter[] = [
  { name: 'sub', label: 'sub' },
  { name: 'subject', label: 'subject', width: 160 },
  { name: 'from', label: 'from', kind: 'date' },
  { name: 'to', label: 'to', kind: 'date' },
];

/** 개인정보 접속기록: who saw whose data, when and why. Nothing here can be changed. */
export function Accesses() {
  const columns = useMemo<ColDef<Access>[]>(
    () => [
      { ...instant<Access>('at'), width: 128 },
      {
        ...text<Access>('sub', 110),
        valueGetter: ({ data }) => data?.byName ?? data?.sub,
        tooltipValueGetter: ({ data }) => data?.sub,
      },
      text('ip', 110),
      {
        ...text<Access>('subject', 170),
        valueGetter: ({ data }) => (data?.subject.startsWith('search') ? t('searchedFor') : data?.subject),
        tooltipValueGetter: ({ data }) => data?.subjects?.slice(0, 20).join(', ') ?? data?.subject,
      },
      {
        headerName: t('fields'),
        colId: 'fields',
        width: 220,
        valueGetter: ({ data }) => data && fieldsOf(data.fields),
      },
      text('reason', 220, { flex: 1, minWidth: 160 }),
      text('route', 240),
    ],
    [],
  );
  return (
    <PlainList<Access>
      path="/api/bo/v1/personal-data-accesses"
      name="accesses"
      label={t('accesses')}
      filters={filters}
      columns={columns}
      rowId={(row) => String(row.id)}
      empty={t('noAccesses')}
      counted={false}
      since={since}
    >
      <span className="muted">{t('accessesNote')}</span>
    </PlainList>
  );
}

const since = (at: string) => ({ from: at });

/** `orderer.name`, `orderer.phone`, … as 주문자 이름·전화번호; what was searched for has the name of its field. */
function fieldsOf(fields: string[]): string {
  const [seen, searched] = [fields.filter((field) => field.includes('.')), fields.filter((field) => !field.includes('.'))];
  const people = Map.groupBy(seen, (field) => field.split('.')[0] ?? '');
  return [
    ...[...people].map(
      ([person, own]) => `${named('personal', person)} ${own.map((field) => named('personal', field.split('.')[1])).join('·')}`,
    ),
    ...searched.map((field) => named('personal', field)),
  ].join(', ');
}
