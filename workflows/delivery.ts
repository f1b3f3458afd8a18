import {
  ApplicationFailure,
  allHandlersFinished,
  condition,
  continueAsNew,
  defineQuery,
  defineSignal,
  defineUpdate,
  proxyLocalActivities,
  setCurrentDetails,
  setHandler,
  uuid4,
  workflowInfo,
} from '@temporalio/workflow';
import type { Activities } from '../activities/index.ts';
import {
  closeLine,
  closesAt,
  type DeliveryCommand,
  type DeliveryLine,
  decideDelivery,
  deliveryMachine,
  deliveryStates,
  isDeliveryCommand,
  validQuantity,
} from '../domain/delivery.ts';
import {
  type DeliveryMessage,
  type DeliveryStart,
  type Outcome,
  type RecordEntry,
  STATE_QUERY,
  SUBMIT_SIGNAL,
  type SubmitMessage,
  TRACK_SIGNAL,
  type TrackMessage,
} from './messages.ts';

/** Request ids remembered for repeats of a command; older ones are known to the history table. */
const SEEN_KEPT = 100;
const JOURNEY_KEPT = 30;

const { record } = proxyLocalActivities<Activities>({
  startToCloseTimeout: '4s',
  localRetryThreshold: '1ms',
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '30s' },
});

const refusal = (code: string) => ApplicationFailure.create({ type: code, message: code, nonRetryable: true });
const outcomeOf = (line: DeliveryLine): Outcome => ({
  state: line.state,
  revision: line.revision,
  validQuantity: validQuantity(line),
});

/**
 * One order line's delivery, from paid order to its end (seeds/delivery.txt, 배송관리 2–4). Commands come as updates or as
 * `submit` signals, tracking as `track` signals; all pass one queue: decide, record, commit.
 */
export async function delivery(start: DeliveryStart): Promise<void> {
  let line = start.line;
  const { openDays, continueAsNewAfter } = start.settings;
  const seen = new Map(start.seen);
  const journey = start.journey ?? [];
  let tail: Promise<unknown> = Promise.resolve();

  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const run = tail.then(work);
    tail = run.catch(() => {});
    return run;
  };

  const commit = (next: DeliveryLine, command: string, at: string) => {
    journey.push(`- ${at} ${command}: ${deliveryStates[line.state]} → ${deliveryStates[next.state]} (revision ${next.revision})`);
    journey.splice(0, journey.length - JOURNEY_KEPT);
    line = next;
    describe();
  };

  const describe = () => {
    const waybill = line.waybillNo === null ? '없음' : `${line.carrierCode} ${line.waybillNo}`;
    setCurrentDetails(
      `**${deliveryStates[line.state]}** · 운송장 ${waybill} · 유효수량 ${validQuantity(line)}\n\n${journey.join('\n')}`,
    );
  };

  const remember = (key: string, outcome: Outcome): Outcome => {
    seen.set(key, outcome);
    for (const oldest of seen.keys()) {
      if (seen.size <= SEEN_KEPT) break;
      seen.delete(oldest);
    }
    return outcome;
  };

  const apply = async (command: DeliveryCommand, message: DeliveryMessage): Promise<Outcome> => {
    const key = `${message.requestId} ${command}`;
    const known = seen.get(key);
    if (known) return known;
    const at = new Date().toISOString();
    const decision = decideDelivery(line, command, message, at);
    if (!decision.ok) throw refusal(decision.code);
    if (!decision.changed) return remember(key, outcomeOf(line));
    const { requestId, actor, by, combine } = message;
    const result = await record({ line: decision.next, from: line.state, command, requestId, actor, by, at, combine });
    if (result.refused) throw refusal(result.refused);
    if (result.repeated) return remember(key, result.repeated);
    commit(result.line ?? decision.next, command, at);
    return remember(key, outcomeOf(line));
  };

  /** A signal's way in: nobody waits for the answer, so a refusal becomes a history row. */
  const submit = async (command: string, message: DeliveryMessage): Promise<void> => {
    try {
      if (!isDeliveryCommand(command)) throw refusal('BAD_REQUEST');
      await apply(command, message);
    } catch (error) {
      const refused = error instanceof ApplicationFailure ? (error.type ?? 'INTERNAL') : 'INTERNAL';
      const { requestId, actor, by } = message;
      const at = new Date().toISOString();
      await record({ line, from: line.state, command, requestId, actor, by, at, refused });
    }
  };

  const close = async () => {
    const at = new Date().toISOString();
    if (closesAt(line, openDays) === null) return;
    const next = closeLine(line, at);
    const entry: RecordEntry = {
      line: next,
      from: line.state,
      command: 'close',
      requestId: `close-${next.revision}`,
      actor: 'machine',
      at,
    };
    const result = await record(entry);
    commit(result.line ?? next, 'close', at);
  };

  for (const command of Object.keys(deliveryMachine.commands) as DeliveryCommand[]) {
    if (command === 'track') continue;
    setHandler(defineUpdate<Outcome, [DeliveryMessage]>(command), (message) => inTurn(() => apply(command, message)), {
      validator: (message) => {
        if (seen.has(`${message.requestId} ${command}`)) return;
        const decision = decideDelivery(line, command, message, line.finishedAt ?? '');
        if (!decision.ok) throw refusal(decision.code);
      },
    });
  }
  setHandler(defineSignal<[SubmitMessage]>(SUBMIT_SIGNAL), (sent) => {
    const { command, ...message } = { ...sent };
    const { requestId = uuid4(), actor = 'admin' } = message;
    return inTurn(() => submit(String(command), { ...message, requestId, actor }));
  });
  setHandler(defineSignal<[TrackMessage]>(TRACK_SIGNAL), (scan) =>
    inTurn(async () => {
      const mine = scan.carrierCode === line.carrierCode && scan.waybillNo === line.waybillNo;
      const news = line.state === 'shipped' && scan.level > (line.trackingLevel ?? 0);
      if (!mine || !news) return;
      await submit(scan.level >= 6 ? 'deliver' : 'track', { requestId: scan.requestId, actor: 'tracker', level: scan.level });
    }),
  );
  setHandler(defineQuery<DeliveryLine>(STATE_QUERY), () => line);
  describe();

  const crowded = () => {
    const { continueAsNewSuggested, historyLength } = workflowInfo();
    return continueAsNewSuggested || (continueAsNewAfter !== undefined && historyLength >= continueAsNewAfter);
  };
  while (line.finishedAt === null) {
    const closing = closesAt(line, openDays);
    const woken = () => line.finishedAt !== null || crowded() || closesAt(line, openDays) !== closing;
    if (closing === null) await condition(woken);
    else if (!(await condition(woken, Math.max(1, Date.parse(closing) - Date.now())))) await inTurn(close);
    if (line.finishedAt === null && crowded()) {
      await condition(allHandlersFinished);
      if (line.finishedAt === null)
        await continueAsNew<typeof delivery>({ line, settings: start.settings, seen: [...seen], journey });
    }
  }
  await condition(allHandlersFinished);
}
