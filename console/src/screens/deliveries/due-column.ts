import type { ColDef } from 'ag-grid-community';
import { type DueFacts, dayOf, shortDay, statusOf, whyOf } from '../../filters/due.ts';
import { drawn, pill } from '../../list/columns.tsx';
import { inLanguage } from '../../ui/language.ts';
import { t } from '../../ui/texts.ts';

/** 발송기한: the status as a word and a colour, and its day. */
export const dueColumn = <Row extends DueFacts>(): ColDef<Row> => ({
  colId: 'dispatchDueOn',
  headerName: t('dispatchDueOn'),
  width: inLanguage({ ko: 122, en: 146 }),
  sortable: true,
  sortingOrder: ['asc', 'desc'],
  valueGetter: ({ data }) => data && [statusOf(data), dayOf(data)].filter(Boolean).join(' '),
  tooltipValueGetter: ({ data }) => data && whyOf(data),
  cellRenderer: drawn<Row>((row) => {
    const [status, day] = [statusOf(row), shortDay(dayOf(row))];
    return status === '' ? [day] : [pill(status, `due-${row.dispatchStatus}`), day];
  }),
});
