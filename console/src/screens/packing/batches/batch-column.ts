import type { ColDef } from 'ag-grid-community';
import { drawn, type Line } from '../../../list/columns.tsx';
import { batchHref } from '../../../ui/opened.ts';
import { t } from '../../../ui/texts.ts';

/** 작업차수 in which a line is or with which it left; Enter in its cell opens the batch (`data-jump`). */
export const batchColumn = (go: (href: string) => void): ColDef<Line> => ({
  colId: 'workBatchNo',
  headerName: t('workBatchNo'),
  width: 70,
  context: { isSparse: true },
  valueGetter: ({ data }) => data?.workBatchNo ?? '',
  cellRenderer: drawn<Line>(({ workBatchNo }) => {
    if (workBatchNo === null) return [];
    const text = { textContent: String(workBatchNo), ariaLabel: t('workBatchOf', { no: String(workBatchNo) }) };
    const link = Object.assign(document.createElement('a'), {
      ...{ href: batchHref(workBatchNo), className: 'link', tabIndex: -1, ...text },
    });
    link.dataset.jump = '';
    link.addEventListener('click', (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
      event.preventDefault();
      go(link.getAttribute('href') ?? '');
    });
    return [link];
  }),
});
