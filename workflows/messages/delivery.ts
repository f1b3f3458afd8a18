import type { DeliveryInput } from '../../domain/deliveries/commands.ts';
import type { DeliveryLine, DeliveryState, LineOutcome } from '../../domain/deliveries/line.ts';
import type { NewPart } from '../../domain/deliveries/split.ts';
import { markdownText } from '../../domain/markdown.ts';
import type { Asked, Entry, Recorded } from './entry.ts';
import { searchAttributes } from './names.ts';

export const DELIVERY_WORKFLOW = 'delivery';
export const deliveryWorkflowId = (deliveryNo: string, lineNo: number): string => `delivery-${deliveryNo}-${lineNo}`;

export interface LineSettings {
  /** Days a delivered line stays open for claims. */
  openDays: number;
  /** History length at which the run continues as new; absent = when Temporal suggests it. */
  continueAsNewAfter?: number | undefined;
}

/** Argument of the delivery workflow; `seen` and `journey` are carried through continue-as-new. */
export interface DeliveryStart {
  line: DeliveryLine;
  settings: LineSettings;
  seen?: [string, Outcome][];
  journey?: string[];
}

/** How to start a line's workflow, as plain data for every caller that starts one. */
export const deliveryStartOptions = (line: DeliveryLine, settings: LineSettings) => ({
  workflowId: deliveryWorkflowId(line.deliveryNo, line.lineNo),
  args: [{ line, settings }] as [DeliveryStart],
  staticSummary: `배송 ${line.deliveryNo} · ${line.lineNo}번 줄 · 주문 ${markdownText(line.orderNo)}`,
  staticDetails: `상품 ${line.productId} · 수량 ${line.quantity} · 배송방법 ${line.methodCode} · ${line.kind}`,
  attributes: {
    [searchAttributes.deliveryNo]: line.deliveryNo,
    [searchAttributes.orderNo]: line.orderNo,
    [searchAttributes.kind]: 'delivery',
  },
});

/** A command to a line, sent as an update under the command's name. */
export interface DeliveryMessage extends DeliveryInput, Asked {
  /** The request that gives `part` back. */
  partRequestId?: string | undefined;
}

/** The same as a signal, also sent by hand from the Temporal UI, where only `command` is required. */
export type SubmitMessage = Partial<DeliveryMessage> & { command: string };

/** Answer to a command. */
export type Outcome = LineOutcome;

/** What `record` writes: the new line, and the facts for its history row. */
export interface RecordEntry extends Entry<DeliveryState> {
  line: DeliveryLine;
  combine?: boolean | undefined;
  /** The line leaves without a waybill: the next one of its place's number range is drawn with the record. */
  draws?: boolean | undefined;
  /** What the command splits off: recorded with it, as a line of its own whose numbers are drawn there. */
  part?: NewPart | undefined;
  /** The part that the command takes back: its end is recorded with it, as what the part's own request has done. */
  merged?: MergedPart | undefined;
}

/** A part that its line is to take back: how it ends, and how much it gives. */
export interface PartMerge extends Asked {
  part: DeliveryLine;
  quantity: number;
}

/** A part as it ends, and the request that ends it. */
export interface MergedPart {
  line: DeliveryLine;
  requestId: string;
}

export interface RecordResult extends Omit<Recorded<DeliveryLine, Outcome>, 'row'> {
  line?: DeliveryLine | undefined;
}
