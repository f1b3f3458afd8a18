import type { ColDef, ICellRendererParams } from 'ag-grid-community';
import { type ComponentType, useLayoutEffect, useRef } from 'react';

/** What the columns' own functions get of a cell; the grid itself is not there. */
type CellParams = ICellRendererParams;
interface Drawing {
  init: (params: CellParams) => void;
  getGui: () => HTMLElement;
}
type Drawn = new () => Drawing;

const isDrawn = (renderer: unknown): renderer is Drawn =>
  typeof renderer === 'function' && Boolean(renderer.prototype && 'getGui' in renderer.prototype);
const isComponent = (renderer: unknown): renderer is ComponentType<CellParams> => typeof renderer === 'function';

/** Value and text of a cell, as the grid finds them. */
export function cellOf<Row>(column: ColDef<Row>, data: Row, context: object | undefined) {
  const base = { data, context, colDef: column } as unknown as CellParams;
  const { valueGetter, valueFormatter, cellClass, cellClassRules, editable } = column;
  const value: unknown = typeof valueGetter === 'function' ? valueGetter(base as never) : null;
  const params = { ...base, value } as CellParams;
  const formatted = typeof valueFormatter === 'function' ? valueFormatter(params as never) : String(value ?? '');
  const classes = [typeof cellClass === 'function' ? cellClass(params as never) : cellClass].flat().filter(Boolean);
  const ruled = Object.entries(cellClassRules ?? {}).filter(([, holds]) => typeof holds === 'function' && holds(params as never));
  const isEditable = Boolean(typeof editable === 'function' ? editable(params as never) : editable);
  return {
    value,
    params: { ...params, valueFormatted: formatted } as CellParams,
    text: formatted,
    className: [...classes, ...ruled.map(([name]) => name).filter((name) => name !== 'editable')].join(' '),
    isEditable: isEditable && (cellClassRules?.editable === undefined || ruled.some(([name]) => name === 'editable')),
  };
}

/** A cell of a list outside the grid, drawn by its column. */
export function CardCell<Row>({ column, params, text }: { column: ColDef<Row>; params: CellParams; text: string }) {
  const { cellRenderer } = column;
  if (isDrawn(cellRenderer)) return <DrawnCell Renderer={cellRenderer} params={params} />;
  if (isComponent(cellRenderer)) {
    const Component = cellRenderer;
    return <Component {...params} />;
  }
  return text;
}

function DrawnCell({ Renderer, params }: { Renderer: Drawn; params: CellParams }) {
  const host = useRef<HTMLSpanElement>(null);
  useLayoutEffect(() => {
    const drawing = new Renderer();
    drawing.init(params);
    host.current?.replaceChildren(drawing.getGui());
  });
  return <span ref={host} />;
}
