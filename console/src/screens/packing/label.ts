import { raw } from '../../api/api.ts';
import { store, stored } from '../../api/stored.ts';

/** The parcel that was shipped last from this bench, and whether its label came out. */
export interface LastLabel {
  lines: { deliveryNo: string; lineNo: number }[];
  waybillNo: string;
  isPrinted: boolean;
}

const NAME = 'packing.label';

/** It stays over a reload, so that no label is forgotten. */
export const lastLabel = (): LastLabel | null => stored<LastLabel | null>(NAME, null);
export const keepLabel = (label: LastLabel) => store(NAME, label);

/** Whether labels are printed by themselves. */
export const printsLabels = (): boolean => stored('packing.prints', true);

/**
 * Has a label made and hands it to the printer from a frame that nobody sees: a tab of its own would take the reader's keys. Throws when
 * there is no label.
 */
export async function printLabel(label: LastLabel): Promise<void> {
  const body = JSON.stringify({ lines: label.lines, paper: stored('print.paper', '100x150') });
  const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body };
  const url = URL.createObjectURL(await (await raw('/api/bo/v1/prints/labels', init)).blob());
  const before = document.querySelector<HTMLIFrameElement>('iframe.packing-label');
  if (before) URL.revokeObjectURL(before.src);
  before?.remove();
  const frame = document.createElement('iframe');
  frame.className = 'packing-label';
  frame.tabIndex = -1;
  frame.ariaHidden = 'true';
  frame.onload = () => frame.contentWindow?.print();
  frame.src = url;
  document.body.append(frame);
  keepLabel({ ...label, isPrinted: true });
}
