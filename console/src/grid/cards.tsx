import type { ColDef } from 'ag-grid-community';
import { useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { t } from '../ui/texts.ts';
import { CardCell, cellOf } from './card-cell.tsx';
import type { GridProps } from './grid.tsx';
import { useOpenRow } from './use-open-row.ts';

/** A telephone, or a window of 1280 at 200 %; the same width as in shell.css. */
const narrow = matchMedia('(max-width: 800px)');
const onNarrow = (listener: () => void) => {
  narrow.addEventListener('change', listener);
  return () => narrow.removeEventListener('change', listener);
};
export const useNarrow = (): boolean => useSyncExternalStore(onNarrow, () => narrow.matches);

/** A list where a grid has no room: a card per row with the same columns, selection, and input. */
export function Cards<Row>(props: GridProps<Row>) {
  const { name, label, rows, columns, rowId, loading, empty, selectable, picked, onSelect, onOpen, onEdit, context } = props;
  const end = useRef<HTMLLIElement>(null);
  const more = useRef(props.onMore);
  more.current = props.onMore;
  const count = rows.length;
  // biome-ignore lint/correctness/useExhaustiveDependencies: after rows have come the end may still be in view
  useEffect(() => {
    if (!end.current) return;
    const watch = new IntersectionObserver(([entry]) => entry?.isIntersecting && more.current?.(), { rootMargin: '600px' });
    watch.observe(end.current);
    return () => watch.disconnect();
  }, [count]);
  const list = useRef<HTMLOListElement>(null);
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  useOpenRow({
    rows,
    rowId,
    onMore: props.onMore,
    mark: (ids) => setOpen((before) => (before.size + ids.size === 0 ? before : ids)),
    show: (row) => list.current?.querySelector(`[data-row="${CSS.escape(rowId(row))}"]`)?.scrollIntoView({ block: 'nearest' }),
  });
  const pick = (row: Row, isPicked: boolean) => {
    const others = rows.filter((each) => each !== row && picked?.has(rowId(each)));
    const ids = new Set(rows.map(rowId));
    onSelect?.({ selected: isPicked ? [...others, row] : others, holds: (id) => ids.has(id) });
  };
  if (count === 0) return <p className="grid waiting">{loading ? t('loading') : empty}</p>;
  const shown = columns.filter(({ hide, headerName }) => !hide && headerName);
  return (
    <ol className="cards" ref={list} aria-label={label} data-grid={name}>
      {rows.map((row) => {
        const id = rowId(row);
        const isPicked = picked?.has(id) ?? false;
        const [first, ...others] = shown;
        return (
          <li key={id} className={isPicked ? 'row-card picked' : 'row-card'} data-row={id} aria-current={open.has(id)}>
            <div className="row-card-head">
              {selectable && (
                <input
                  type="checkbox"
                  aria-label={t('selectRow', { id })}
                  checked={isPicked}
                  onChange={({ target }) => pick(row, target.checked)}
                />
              )}
              {first && <CardCell column={first} {...cellOf(first, row, context)} />}
              {onOpen && (
                <button type="button" aria-label={`${t('detail')} ${id}`} onClick={() => onOpen(row)}>
                  {t('detail')}
                </button>
              )}
            </div>
            <dl>
              {others.map((column) => (
                <Fact key={column.colId ?? column.field ?? column.headerName} {...{ column, row, context, onEdit }} />
              ))}
            </dl>
          </li>
        );
      })}
      <li ref={end} />
    </ol>
  );
}

/** A column's name and value; nothing where it is empty and cannot be typed. */
function Fact<Row>({
  column,
  row,
  context,
  onEdit,
}: {
  column: ColDef<Row>;
  row: Row;
  context: object | undefined;
  onEdit: GridProps<Row>['onEdit'];
}) {
  const cell = cellOf(column, row, context);
  if (cell.isEditable && column.field && onEdit) {
    const { field, headerName, cellEditorParams } = column;
    const values: string[] | null = Array.isArray(cellEditorParams?.values) ? cellEditorParams.values : null;
    const now = String(cell.value ?? '');
    const edit = (value: string) => value !== now && onEdit(row, field, value);
    return (
      <div>
        <dt>{headerName}</dt>
        <dd className={cell.className}>
          {values ? (
            <select aria-label={headerName} value={now} onChange={({ target }) => edit(target.value)}>
              {values.map((value) => (
                <option key={value} value={value}>
                  {cellOf({ ...column, valueGetter: () => value }, row, context).text}
                </option>
              ))}
            </select>
          ) : (
            <input
              key={now}
              aria-label={headerName}
              defaultValue={now}
              autoComplete="off"
              onBlur={({ target }) => edit(target.value.trim())}
              onKeyDown={({ key, currentTarget }) => key === 'Enter' && edit(currentTarget.value.trim())}
            />
          )}
        </dd>
      </div>
    );
  }
  if (cell.text === '' && (column.cellRenderer === undefined || column.context?.isSparse)) return null;
  return (
    <div>
      <dt>{column.headerName}</dt>
      <dd className={cell.className}>
        <CardCell column={column} {...cell} />
      </dd>
    </div>
  );
}
