import {
  allHandlersFinished,
  condition,
  continueAsNew,
  defineSignal,
  proxyActivities,
  proxyLocalActivities,
  setHandler,
} from '@temporalio/workflow';
import type { Activities } from '../activities/index.ts';
import type { DeliveryCommand } from '../domain/deliveries/commands.ts';
import {
  closeLine,
  closesAt,
  type DeliveryLine,
  deliveryStates,
  lineOutcome,
  validQuantity,
  wholeLine,
} from '../domain/deliveries/line.ts';
import { decideDelivery, deliveryMachine, isDeliveryCommand } from '../domain/deliveries/machine.ts';
import { drawsWaybill } from '../domain/deliveries/rules.ts';
import { partOf } from '../domain/deliveries/split.ts';
import { createLife, type Life, recordPolicy } from './entity.ts';
import type { DeliveryMessage, DeliveryStart, Outcome } from './messages/delivery.ts';
import { TRACK_SIGNAL } from './messages/names.ts';
import { isTrackMessage, type TrackMessage } from './messages/track.ts';
import { handBack, isScanOf } from './scans.ts';
import { isCrowded, untilFinished } from './until-finished.ts';

const { record } = proxyLocalActivities<Activities>(recordPolicy);
const { mergePart } = proxyActivities<Activities>({
  startToCloseTimeout: '15s',
  retry: { initialInterval: '500ms', backoffCoefficient: 2, maximumInterval: '30s' },
});

const updates = (Object.keys(deliveryMachine.commands) as DeliveryCommand[]).filter((command) => command !== 'track');

/**
 * One order line's delivery, from paid order to its end (docs/sources/requirements.md#배송처리): commands, tracking signals, and the
 * timer that closes it some days after delivery.
 */
export async function delivery(start: DeliveryStart): Promise<void> {
  const { openDays, continueAsNewAfter } = start.settings;
  const life: Life<DeliveryLine, DeliveryMessage, Outcome> = createLife<DeliveryLine, DeliveryCommand, DeliveryMessage, Outcome>({
    row: wholeLine(start.line),
    carried: start,
    updates,
    isCommand: isDeliveryCommand,
    decide: decideDelivery,
    // Its line writes the end of a part together with its own row; the part's own record then finds it done.
    before: (row, command, message, next) => {
      if (command !== 'merge') return null;
      const { requestId, actor, by } = message;
      return async () => {
        await mergePart({ part: next, quantity: validQuantity(row), requestId, actor, by });
        return message;
      };
    },
    record: async ({ row, from, command, message, ...facts }) => {
      const { requestId, actor, by, combine, part: merged, partRequestId } = message;
      const isDone = facts.refused === undefined && isDeliveryCommand(command);
      const { line, ...result } = await record({
        ...{ line: row, from, command, requestId, actor, by, combine, ...facts },
        draws: (isDone && command === 'ship' && drawsWaybill(message)) || undefined,
        part: (isDone && partOf(life.row, command, message)) || undefined,
        merged: isDone && command === 'absorb' && merged ? { line: merged, requestId: partRequestId ?? requestId } : undefined,
      });
      return { row: line && wholeLine(line), ...result };
    },
    outcomeOf: lineOutcome,
    describe: (line) => {
      const waybill = line.waybillNo === null ? '없음' : `${line.carrierCode} ${line.waybillNo}`;
      return `**${deliveryStates[line.state]}** · 운송장 ${waybill} · 유효수량 ${validQuantity(line)}`;
    },
  });

  setHandler(defineSignal<[TrackMessage]>(TRACK_SIGNAL), (scan) =>
    life.inTurn(async () => {
      if (!isTrackMessage(scan)) return;
      const { row: line } = life;
      if (!isScanOf(scan, line)) return handBack(scan);
      if (line.state !== 'shipped' || scan.level <= (line.trackingLevel ?? 0)) return;
      const { requestId, level, by } = scan;
      await life.submit(level >= 6 ? 'deliver' : 'track', { requestId, actor: 'tracker', by, level });
    }),
  );

  const close = async () => {
    const at = new Date().toISOString();
    const line = closeLine(life.row, at);
    const requestId = `close-${line.revision}`;
    const result = await record({ line, from: line.state, command: 'close', requestId, actor: 'machine', at });
    life.commit(wholeLine(result.line ?? result.missed ?? line), result.missed ? 'missed' : 'close', at);
  };
  const crowded = () => isCrowded(continueAsNewAfter);
  const goOn = () => continueAsNew<typeof delivery>({ ...start, line: life.row, ...life.carried() });
  await untilFinished(life, crowded, goOn, { due: () => closesAt(life.row, openDays), whenDue: close });
  await condition(allHandlersFinished);
}
