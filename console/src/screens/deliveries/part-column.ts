import type { ColDef } from 'ag-grid-community';
import { drawn, type Line } from '../../list/columns.tsx';
import { linkTo } from '../../ui/opened.ts';
import { t } from '../../ui/texts.ts';

type Key = Line['splitTo'][number];
const textOf = ({ deliveryNo, lineNo }: Key) => `${deliveryNo}/${lineNo}`;
const relatedOf = ({ splitFrom, splitTo }: Line) => [
  ...(splitFrom ? [{ sign: '↑', title: t('splitFrom'), key: splitFrom }] : []),
  ...splitTo.map((key) => ({ sign: '↓', title: t('splitTo'), key })),
];

/** A link to the line; Enter in its cell follows the first of them (`data-jump`). */
function jump(sign: string, title: string, key: Key): HTMLAnchorElement {
  const { href } = linkTo({ kind: 'delivery', no: key.deliveryNo });
  const link = Object.assign(document.createElement('a'), {
    href,
    className: 'link',
    tabIndex: -1,
    title: `${title} ${textOf(key)}`,
    ariaLabel: `${title} ${textOf(key)}`,
    // Its 순번 is its own in the order, and stands beside it.
    textContent: `${sign}${key.lineNo}`,
  });
  link.dataset.open = 'delivery';
  link.dataset.no = key.deliveryNo;
  link.dataset.jump = '';
  return link;
}

/** 분할: what a part was split off from (↑), and what was split off from a line (↓). */
export const partColumn = (): ColDef<Line> => ({
  colId: 'parts',
  headerName: t('parts'),
  width: 64,
  context: { isSparse: true },
  valueGetter: ({ data }) =>
    data
      ? relatedOf(data)
          .map(({ sign, key }) => `${sign} ${textOf(key)}`)
          .join(', ')
      : '',
  tooltipValueGetter: ({ data }) =>
    data && relatedOf(data).length > 0
      ? relatedOf(data)
          .map(({ title, key }) => `${title} ${textOf(key)}`)
          .join(', ')
      : null,
  cellRenderer: drawn<Line>((row) => relatedOf(row).flatMap(({ sign, title, key }) => [jump(sign, title, key), ' '])),
});
