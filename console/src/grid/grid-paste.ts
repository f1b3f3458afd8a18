import type { GridApi } from 'ag-grid-community';

export interface Pasted<Row> {
  text: string;
  /** The field of the focused cell, if it can be edited. */
  field: string | null;
  /** The focused row; null = no cell has the focus. */
  from: Row | null;
}

/** What was pasted and where the cursor was; what that means is for the list to say. */
export function pastedInto<Row>(api: GridApi<Row>, text: string): Pasted<Row> {
  const focused = api.getFocusedCell();
  const definition = focused?.column.getColDef();
  const row = focused ? api.getDisplayedRowAtIndex(focused.rowIndex)?.data : undefined;
  return { text, field: (definition?.editable && definition.field) || null, from: row ?? null };
}
