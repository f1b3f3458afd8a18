import { markdownText } from '../../domain/markdown.ts';
import type { PickupInput } from '../../domain/pickups/commands.ts';
import type { Pickup, PickupState, pickupOutcome } from '../../domain/pickups/pickup.ts';
import type { LineSettings } from './delivery.ts';
import type { Asked, Entry, Recorded } from './entry.ts';
import { searchAttributes } from './names.ts';

export const PICKUP_WORKFLOW = 'pickup';
export const pickupWorkflowId = (pickupNo: string): string => `pickup-${pickupNo}`;

export interface PickupSettings {
  /** When the tracker reports "delivered", the pickup is confirmed; otherwise it is only marked as arrived. */
  autoConfirm: boolean;
  continueAsNewAfter?: number | undefined;
  /** For the delivery lines that an exchange starts. */
  line: LineSettings;
}

export interface PickupStart {
  pickup: Pickup;
  settings: PickupSettings;
  seen?: [string, PickupOutcome][];
  journey?: string[];
}

export const pickupStartOptions = (pickup: Pickup, settings: PickupSettings) => ({
  workflowId: pickupWorkflowId(pickup.pickupNo),
  args: [{ pickup, settings }] as [PickupStart],
  staticSummary: `회수 ${pickup.pickupNo} · 주문 ${markdownText(pickup.orderNo)} · 배송 ${pickup.originalDeliveryNo}`,
  staticDetails: pickup.items.map((item) => `${item.lineNo}번 줄 · 상품 ${item.productId} · ${item.quantity}개`).join('\n'),
  attributes: {
    [searchAttributes.pickupNo]: pickup.pickupNo,
    [searchAttributes.orderNo]: pickup.orderNo,
    [searchAttributes.deliveryNo]: pickup.originalDeliveryNo,
    [searchAttributes.kind]: 'pickup',
  },
});

export interface PickupMessage extends PickupInput, Asked {}

/** Answer to a command. */
export type PickupOutcome = ReturnType<typeof pickupOutcome>;

/** Input of `recordPickup`. */
export interface PickupEntry extends Entry<PickupState> {
  pickup: Pickup;
}
export interface PickupResult extends Omit<Recorded<Pickup, PickupOutcome>, 'row'> {
  pickup?: Pickup | undefined;
}

/** Commands from a pickup to the delivery lines of its claim. */
export type ClaimSettlement = 'settle-return' | 'settle-exchange' | 'release-claim';
