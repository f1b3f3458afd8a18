import { setTimeout as sleep } from 'node:timers/promises';
import { Connection } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time.js';
import { lastLines } from '../servers/progress.ts';
import type { Context } from './context.ts';

const ALREADY_EXISTS = 6;
/** As in docker-compose.yml. */
const RETENTION = '30 days';
const ANSWERS_WITHIN_MS = 180_000;
const SHOWN_CHARACTERS = 500;

/** Registers the namespace and waits until frontend, history and visibility answer for it; throws with the frontend's last words. */
export async function namespaceReady({ settings, stopping, logOf }: Context, address: string): Promise<void> {
  const namespace = settings.TEMPORAL_NAMESPACE;
  const connection = Connection.lazy({ address, interceptors: [] });
  const { workflowService } = connection;
  const ask = () =>
    connection.withDeadline(Date.now() + 3_000, async () => {
      await workflowService
        .registerNamespace({ namespace, workflowExecutionRetentionPeriod: msToTs(RETENTION) })
        .catch((error: { code?: number }) => {
          if (error.code !== ALREADY_EXISTS) throw error;
        });
      await workflowService.describeNamespace({ namespace });
      await workflowService.countWorkflowExecutions({ namespace });
    });
  const deadline = performance.now() + ANSWERS_WITHIN_MS;
  try {
    for (;;) {
      try {
        return await ask();
      } catch (error) {
        if (!stopping.aborted && performance.now() < deadline) await sleep(200);
        else throw new Error(silent(error, lastLines(logOf('frontend'), 3)));
      }
    }
  } finally {
    await connection.close();
  }
}

function silent(error: unknown, words: string[]): string {
  const why = error instanceof Error ? error.message : String(error);
  const lines = words.map((line) => `    ${line.slice(0, SHOWN_CHARACTERS)}`);
  return [`Temporal이 ${ANSWERS_WITHIN_MS / 1000}초 안에 대답하지 않았습니다: ${why}`, ...lines].join('\n');
}
