import { type LeftOut, leftOutReasons } from '../../../domain/printing/print.ts';
import type { Flow } from './flow.ts';
import { mm } from './paper.ts';

/** What was asked for and is not on the list, and why: who packs must not look for it, nor think that it was forgotten. */
export function leftOutPart(flow: Flow, heading: string, leftOut: readonly LeftOut[]): void {
  if (leftOut.length === 0) return;
  flow.y += mm(4);
  flow.band(`${heading} ${leftOut.length}건`);
  for (const { deliveryNo, lineNo, productName, reason } of leftOut)
    flow.text(`${deliveryNo}-${lineNo}  [${leftOutReasons[reason]}]  ${productName}`, 10);
}
