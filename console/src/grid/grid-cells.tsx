import type { ColDef, ICellRendererParams } from 'ag-grid-community';
import { type ComponentType, type ReactNode, useCallback, useReducer, useRef } from 'react';
import { createPortal } from 'react-dom';

type Renderer<Row> = ComponentType<ICellRendererParams<Row>>;
const isComponent = <Row,>(renderer: unknown): renderer is Renderer<Row> =>
  typeof renderer === 'function' && !(renderer.prototype && 'getGui' in renderer.prototype);

/** The grid is drawn without React, which is several times faster; cells that are components are rendered into it. */
export function useComponentCells<Row>(): { portals: ReactNode; withComponents: (column: ColDef<Row>) => ColDef<Row> } {
  const cells = useRef(new Map<HTMLElement, { key: number; node: ReactNode }>());
  const counter = useRef(0);
  const waiting = useRef(false);
  const [, draw] = useReducer((n: number) => n + 1, 0);
  const change = useCallback(() => {
    if (waiting.current) return;
    waiting.current = true;
    queueMicrotask(() => {
      waiting.current = false;
      draw();
    });
  }, []);
  const withComponents = useCallback(
    (column: ColDef<Row>): ColDef<Row> => {
      const Component: unknown = column.cellRenderer;
      if (!isComponent<Row>(Component)) return column;
      const show = (cell: HTMLElement, key: number, params: ICellRendererParams<Row>) => {
        cells.current.set(cell, { key, node: <Component {...params} /> });
        change();
      };
      const hide = (cell: HTMLElement) => {
        cells.current.delete(cell);
        change();
      };
      return {
        ...column,
        cellRenderer: class {
          private readonly cell = document.createElement('span');
          private readonly key = ++counter.current;
          init(params: ICellRendererParams<Row>): void {
            show(this.cell, this.key, params);
          }
          getGui(): HTMLElement {
            return this.cell;
          }
          refresh(params: ICellRendererParams<Row>): boolean {
            show(this.cell, this.key, params);
            return true;
          }
          destroy(): void {
            hide(this.cell);
          }
        },
      };
    },
    [change],
  );
  return { portals: [...cells.current].map(([cell, { key, node }]) => createPortal(node, cell, String(key))), withComponents };
}
