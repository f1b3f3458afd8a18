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

const ROW_HEIGHT = 28;

/** Dense: thirty rows on a screen of 900 pixels. */
export const theme = themeQuartz.withParams({
  fontFamily: 'inherit',
  fontSize: 13,
  rowHeight: ROW_HEIGHT,
  headerHeight: 30,
  spacing: 4,
  cellHorizontalPadding: 8,
  accentColor: '#1d4ed8',
  borderColor: '#e2e8f0',
  headerBackgroundColor: '#f8fafc',
  headerTextColor: '#475569',
  wrapperBorder: false,
  wrapperBorderRadius: 0,
});

export const defaults: ColDef = {
  sortable: false,
  resizable: true,
  suppressMovable: false,
  comparator: () => 0,
  tooltipValueGetter: ({ value, valueFormatted }) => {
    const text = valueFormatted ?? value;
    return typeof text === 'string' && text.length > 12 ? text : null;
  },
};

/** Widths and the like are only initial values: new definitions (a language, the carriers' names) keep the user's own layout. */
export const beginning = <Row>({ width, flex, hide, pinned, ...column }: ColDef<Row>): ColDef<Row> => ({
  ...column,
  initialHide: hide ?? false,
  initialPinned: pinned ?? false,
  ...(width ? { initialWidth: width } : {}),
  ...(flex ? { initialFlex: flex } : {}),
});
