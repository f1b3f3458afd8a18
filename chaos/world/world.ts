import type { Client } from '@temporalio/client';
import type { Db } from '../../db/database.ts';
import type { Part } from '../../local/cluster/supervisor.ts';
import type { Gate } from './gate.ts';

/** Everything that a run works on: the parts that can be hurt, the gates between them, and ways in that no fault touches. */
export interface World {
  /** Each is supervised: it is started again whenever it ends. */
  parts: Part[];
  /** One before each connection of a part to another. */
  gates: Gate[];
  /** Where clients and the tracker find the APIs, each behind gates of its own. */
  apis: { clients: string[]; tracker: string[] };
  token: string;
  callbackSecret: string;
  /** Past every gate. */
  db: Db;
  temporal: Client;
  /** Files and folders in which no personal data may be: logs, Temporal's store where it is a file. */
  exposed: string[];
  /** Prometheus metrics of APIs and workers, past every gate. */
  metrics: string[];
  stop: () => Promise<void>;
}

export interface WorldOptions {
  folder: string;
  /** host:port of the run's tracker. */
  tracker: string;
  say: (text: string) => void;
}

/** What a run changes in the configuration of APIs and workers, so that minutes show what otherwise takes hours. */
export const CHAOS_ENVIRONMENT = {
  DELIVERY_API_TIER: 'chaos',
  DELIVERY_API_KEY: 'chaos',
  WAYBILL_REGISTRATION_CRON: '* * * * *',
  AUTO_COMPLETE_CRON: '* * * * *',
  BATCH_ROW_AGE_SECONDS: '5',
  SWEEP_INTERVAL_MS: '1000',
  START_SWEEP_AFTER_MS: '3000',
  REQUEST_SWEEP_AFTER_MS: '10000',
  COMMAND_TIMEOUT_MS: '4000',
  TRACKING_RELAY_INTERVAL_MS: '100',
};
