import type { Client } from '@temporalio/client';
import type { Logger } from 'pino';
import type { Db } from '../db/database.ts';
import type { Pace } from './pace.ts';
import type { Tracing } from './tracing.ts';

interface Count {
  inc: (labels: Record<string, string>, by?: number) => void;
}

/** Dependencies for sending commands to workflows. */
export interface CommandDeps {
  db: Db;
  temporal: Client;
  taskQueue: string;
  config: {
    COMMAND_TIMEOUT_MS: number;
    LINE_OPEN_DAYS: number;
    PICKUP_AUTO_CONFIRM: boolean;
    START_SWEEP_AFTER_MS: number;
    CONTINUE_AS_NEW_AFTER?: number | undefined;
  };
  log: Pick<Logger, 'warn' | 'error'>;
  metrics: {
    commands: Count;
    swept: Count;
    givenUp: Count;
    refused: Count;
    sweepRuns: Count;
    sweepEnded: { setToCurrentTime: (labels: Record<string, string>) => void };
  };
  pace: Pace;
  tracing: Tracing;
}

/** The stored request behind a command. */
export interface CommandRequest {
  id: string;
  respondAsync: boolean;
  /** X-Request-Id of the call that stored it, for log lines. */
  traceId: string;
  /** 1 = first execution; more = repeated by the client or the sweep. */
  attempts: number;
  /** What was told of each part before, null = pending; the replies of this execution are added. */
  outcomes: Map<string, unknown>;
}
