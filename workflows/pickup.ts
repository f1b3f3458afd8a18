import {
  allHandlersFinished,
  condition,
  continueAsNew,
  defineSignal,
  ParentClosePolicy,
  proxyActivities,
  proxyLocalActivities,
  setHandler,
  startChild,
  WorkflowIdReusePolicy,
} from '@temporalio/workflow';
import type { Activities } from '../activities/index.ts';
import type { DeliveryLine } from '../domain/deliveries/line.ts';
import type { PickupCommand } from '../domain/pickups/commands.ts';
import { decidePickup, isPickupCommand, pickupMachine } from '../domain/pickups/machine.ts';
import { type Pickup, pickupOutcome, pickupStateName, wholePickup } from '../domain/pickups/pickup.ts';
import { delivery } from './delivery.ts';
import { createLife, recordPolicy } from './entity.ts';
import { deliveryStartOptions } from './messages/delivery.ts';
import { TRACK_SIGNAL } from './messages/names.ts';
import type { ClaimSettlement, PickupMessage, PickupOutcome, PickupStart } from './messages/pickup.ts';
import { isTrackMessage, type TrackMessage } from './messages/track.ts';
import { handBack, isScanOf } from './scans.ts';
import { isCrowded, untilFinished } from './until-finished.ts';

const { recordPickup } = proxyLocalActivities<Activities>(recordPolicy);
/** A pickup's work outside the workflow: each step is idempotent by pickupNo and retried until it succeeds. */
const retry = { initialInterval: '500ms', backoffCoefficient: 2, maximumInterval: '30s' } as const;
const { settleClaims } = proxyActivities<Activities>({ startToCloseTimeout: '15s', retry });
/** One transaction: if it takes longer than this, its worker has died. */
const { insertExchange } = proxyActivities<Activities>({ startToCloseTimeout: '5s', retry });

const updates = (Object.keys(pickupMachine.commands) as PickupCommand[]).filter((command) => command !== 'track');

/** The command to the claimed lines when this step ends the pickup; null when it does not. */
const settlementOf = (pickup: Pickup, command: PickupCommand): ClaimSettlement | null => {
  if (command === 'refuse' || command === 'withdraw') return 'release-claim';
  if (command !== 'complete') return null;
  return pickup.kind === 'return' ? 'settle-return' : 'settle-exchange';
};

/** One pickup (회수), a return or an exchange, from the claim to its end (docs/sources/requirements.md#회수처리). */
export async function pickup(start: PickupStart): Promise<void> {
  const { settings } = start;
  const life = createLife<Pickup, PickupCommand, PickupMessage, PickupOutcome>({
    row: wholePickup(start.pickup),
    carried: start,
    updates,
    isCommand: isPickupCommand,
    decide: decidePickup,
    before: (row, command, message) => {
      const settlement = settlementOf(row, command);
      if (settlement === null) return null;
      const { pickupNo, originalDeliveryNo, items } = row;
      const settle = () =>
        settleClaims({ pickupNo, settlement, deliveryNo: originalDeliveryNo, lineNos: items.map(({ lineNo }) => lineNo) });
      const sendAgain = async () => {
        if (settlement !== 'settle-exchange') return undefined;
        const { deliveryNo, lines } = await insertExchange({ pickupNo });
        for (const line of lines) await startLine(line);
        return deliveryNo;
      };
      return async (asked) => {
        // The claims first: when a line refuses, no new delivery is on its way.
        if (asked) {
          await settle();
          return { ...message, exchangeDeliveryNo: await sendAgain() };
        }
        const exchangeDeliveryNo = await sendAgain();
        await settle();
        return { ...message, exchangeDeliveryNo };
      };
    },
    record: async ({ row, from, command, message: { requestId, actor, by }, ...facts }) => {
      const { pickup, ...result } = await recordPickup({ pickup: row, from, command, requestId, actor, by, ...facts });
      return { row: pickup && wholePickup(pickup), ...result };
    },
    outcomeOf: pickupOutcome,
    describe: (row) => {
      const waybill = row.waybillNo === null ? '없음' : `${row.carrierCode} ${row.waybillNo}`;
      const converted = [row.convertedFromExchange && '교환중반품', row.convertedFromReturn && '반품중교환'];
      const marks = [row.held && '보류', row.arrivedAt && `도착 ${row.arrivedAt}`, ...converted];
      return [`**${pickupStateName(row.state, row.kind)}**`, `운송장 ${waybill}`, ...marks.filter(Boolean)].join(' · ');
    },
  });

  const startLine = async (line: DeliveryLine) => {
    const { attributes, ...options } = deliveryStartOptions(line, settings.line);
    try {
      await startChild(delivery, {
        ...options,
        parentClosePolicy: ParentClosePolicy.ABANDON,
        workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
        searchAttributes: Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, [value]])),
      });
    } catch (error) {
      // Already started, by the sweep or by this command before a crash.
      if (!(error instanceof Error && error.name === 'WorkflowExecutionAlreadyStartedError')) throw error;
    }
  };

  setHandler(defineSignal<[TrackMessage]>(TRACK_SIGNAL), (scan) =>
    life.inTurn(async () => {
      if (!isTrackMessage(scan)) return;
      const { row } = life;
      if (!isScanOf(scan, row) || row.state === 'withdrawn') return handBack(scan);
      if (row.state !== 'instructed' || scan.level <= (row.trackingLevel ?? 0)) return;
      const { requestId, level, by } = scan;
      await life.submit('track', { requestId, actor: 'tracker', by, level });
      if (level >= 6 && settings.autoConfirm) await life.submit('confirm', { requestId, actor: 'tracker', by });
    }),
  );

  const crowded = () => isCrowded(settings.continueAsNewAfter);
  const goOn = () => continueAsNew<typeof pickup>({ ...start, pickup: life.row, ...life.carried() });
  await untilFinished(life, crowded, goOn);
  await condition(allHandlersFinished);
}
