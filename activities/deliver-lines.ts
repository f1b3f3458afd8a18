import { setTimeout as sleep } from 'node:timers/promises';
import { ApplicationFailure, CancelledFailure } from '@temporalio/activity';
import pLimit from 'p-limit';
import { signalWorkflow } from '../commands/workflow-calls.ts';
import { shownDelivered } from '../db/deliveries/deliver-lines.ts';
import type { BatchCounts, BatchError, BatchRun, DueLine } from '../workflows/messages/batches.ts';
import { deliveryWorkflowId, type SubmitMessage } from '../workflows/messages/delivery.ts';
import { SUBMIT_SIGNAL } from '../workflows/messages/names.ts';
import type { ActivityDeps } from './deps.ts';
import { beating } from './heartbeat.ts';

const AT_ONCE = 32;
/** Milliseconds between two looks at the rows of so many lines: less than a worker takes for them, so that looking costs it little. */
const pauseOf = (lines: number) => Math.min(500, Math.max(50, lines));
/** When nothing of a page takes effect for this long, its workflows are stuck, and the run goes on without them. */
const STUCK_AFTER_MS = 60_000;

export interface LinesToDeliver {
  run: BatchRun;
  lines: DueLine[];
}

const keyOf = (deliveryNo: string, lineNo: number) => `${deliveryNo}/${lineNo}`;

/**
 * Sends many lines the command of 배송완료지시배치 (docs/sources/requirements.md#batches-4) by signal: once per line under the
 * run's key. A line counts when its row shows the effect. A repeat changes nothing and counts the same.
 */
export function createDeliverLines({ db, client, tracking }: Pick<ActivityDeps, 'db' | 'client' | 'tracking'>) {
  const send = async (run: BatchRun, { deliveryNo, lineNo, ...more }: DueLine): Promise<boolean> => {
    const message: SubmitMessage = {
      command: 'deliver',
      requestId: run.key,
      actor: 'batch',
      by: tracking.provider,
      ...more,
    };
    const told = await signalWorkflow(client, deliveryWorkflowId(deliveryNo, lineNo), SUBMIT_SIGNAL, message);
    return told.kind === 'sent';
  };

  return async function deliverLines({ run, lines }: LinesToDeliver): Promise<{ counts: BatchCounts; errors: BatchError[] }> {
    return beating(async (signal) => {
      const counts: BatchCounts = { examined: 0, succeeded: 0, failed: 0, skipped: 0 };
      const errors: BatchError[] = [];
      const fail = ({ deliveryNo, lineNo }: DueLine, code: string, message: string) => {
        counts.failed++;
        errors.push({ code, message, deliveryNo, lineNo });
      };
      const waiting = new Map(lines.map((line) => [keyOf(line.deliveryNo, line.lineNo), line]));
      /** Counts lines whose rows show an outcome; a line that somebody else has moved is skipped. */
      const harvest = async () => {
        const before = waiting.size;
        const shown = await shownDelivered(db.query, run.key, [...waiting.values()]);
        for (const { delivery_no, line_no, state, done, refused } of shown) {
          const key = keyOf(delivery_no, line_no);
          const line = waiting.get(key);
          if (!line || (!done && state === 'shipped')) continue;
          waiting.delete(key);
          if (done && refused === null) counts.succeeded++;
          else if (state !== 'shipped') counts.skipped++;
          else fail(line, refused ?? 'INTERNAL', '배송완료 처리가 거절되었습니다');
        }
        return before - waiting.size;
      };
      await harvest();

      const limit = pLimit(AT_ONCE);
      const sent = await Promise.allSettled(
        [...waiting].map(([key, line]) =>
          limit(async () => {
            signal.throwIfAborted();
            if (await send(run, line)) return;
            waiting.delete(key);
            fail(line, 'LINE_FINISHED', '주문내역의 워크플로가 없습니다');
          }),
        ),
      );
      if (signal.aborted) throw new CancelledFailure('the worker leaves');
      const thrown = sent.find((each) => each.status === 'rejected');
      if (thrown) throw ApplicationFailure.retryable(String(thrown.reason), 'NOT_SENT');

      let newsAt = performance.now();
      while (waiting.size > 0) {
        if ((await harvest()) > 0) newsAt = performance.now();
        else if (performance.now() - newsAt > STUCK_AFTER_MS) break;
        if (waiting.size > 0) await sleep(pauseOf(waiting.size), undefined, { signal }).catch(() => {});
        if (signal.aborted) throw new CancelledFailure('the worker leaves');
      }
      for (const line of waiting.values()) fail(line, 'COMMAND_PENDING', '아직 반영되지 않았습니다');
      return { counts, errors: errors.slice(0, 20) };
    });
  };
}
