import {
  CellStyleModule,
  ClientSideRowModelApiModule,
  ClientSideRowModelModule,
  type ColDef,
  ColumnApiModule,
  LocaleModule,
  ModuleRegistry,
  RenderApiModule,
  RowApiModule,
  RowSelectionModule,
  RowStyleModule,
  ScrollApiModule,
  SelectEditorModule,
  TextEditorModule,
  TooltipModule,
  themeQuartz,
} from 'ag-grid-community';

ModuleRegistry.registerModules([
  CellStyleModule,
  ClientSideRowModelApiModule,
  ClientSideRowModelModule,
  ColumnApiModule,
  LocaleModule,
  RenderApiModule,
  RowApiModule,
  RowSelectionModule,
  RowStyleModule,
  ScrollApiModule,
  SelectEditorModule,
  TextEditorModule,
  TooltipModule,
]);

export type Density = 'comfortable' | 'compact';
const rowHeights: Record<Density, number> = { comfortable: 28, compact: 24 };
const DENSITY = 'console.density';

/** How close the rows of every list stand, as chosen on this machine. */
export const densityNow = (): Density => (localStorage.getItem(DENSITY) === 'compact' ? 'compact' : 'comfortable');
export const keepDensity = (density: Density): void => localStorage.setItem(DENSITY, density);

/** Eighteen rows of a work list in 1280×720, 21 where they stand close. */
export const themeOf = (density: Density) =>
  themeQuartz.withParams({
    fontFamily: 'inherit',
    fontSize: 13,
    rowHeight: rowHeights[density],
    headerHeight: rowHeights[density],
    spacing: 4,
    cellHorizontalPadding: 8,
    backgroundColor: 'var(--paper)',
    foregroundColor: 'var(--ink)',
    accentColor: 'var(--blue)',
    borderColor: 'var(--line)',
    headerBackgroundColor: 'var(--soft)',
    headerTextColor: 'var(--muted)',
    browserColorScheme: 'inherit',
    wrapperBorder: false,
    wrapperBorderRadius: 0,
  });

export const defaults: ColDef = {
  sortable: false,
  resizable: true,
  suppressMovable: false,
  comparator: () => 0,
  // The grid would go to the next row: Enter opens this one, and Ctrl+Enter is for all that are selected.
  suppressKeyboardEvent: ({ event, editing, column, node }) =>
    event.key === 'Enter' && (event.ctrlKey || (!editing && !column.isCellEditable(node))),
  tooltipValueGetter: ({ value, valueFormatted }) => {
    const text = valueFormatted ?? value;
    return typeof text === 'string' && text.length > 12 ? text : null;
  },
};

const pen = document.createElement('canvas').getContext('2d');
/** Room beside a header's text: padding, the handle, and the arrow where it sorts. */
const BESIDE = 22;
const ARROW = 20;
/** A header is never cut, in any language. */
function headerWidth({ headerName, sortable }: { headerName?: string; sortable?: boolean }): number {
  if (!pen || !headerName) return 0;
  pen.font = `500 13px ${getComputedStyle(document.body).fontFamily}`;
  return Math.ceil(pen.measureText(headerName).width) + BESIDE + (sortable ? ARROW : 0);
}

/** Widths and the like are only initial values: new definitions (a language, the carriers' names) keep the user's own layout. */
export const beginning = <Row>({ width, flex, hide, pinned, ...column }: ColDef<Row>): ColDef<Row> => ({
  ...column,
  initialHide: hide ?? false,
  initialPinned: pinned ?? false,
  ...(width ? { initialWidth: Math.max(width, headerWidth(column)) } : {}),
  ...(flex ? { initialFlex: flex } : {}),
});
