import type { Client } from '@temporalio/client';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { Db } from '../db/database.ts';
import { type NoticeConfig, noticeConfig } from '../process/config/notices.ts';
import type { TrackerConfig } from '../process/config/tracker.ts';
import { type WebhookConfig, webhookConfig } from '../process/config/webhooks.ts';
import type { WorkerConfig } from '../process/config/worker.ts';
import { sealer } from '../process/sealed.ts';
import { noticeMetrics } from './notices/metrics.ts';
import { startNotices } from './notices/notices.ts';
import { relayMetrics } from './relay/metrics.ts';
import { relaySettings, startRelay } from './relay/relay.ts';
import { webhookMetrics } from './webhooks/metrics.ts';
import { startWebhooks } from './webhooks/sender.ts';

/** The parts of the configuration that are read for what goes on beside the polling alone. */
export const besideConfigs = { webhooks: webhookConfig, notices: noticeConfig };

export interface BesideOptions {
  db: Db;
  /** Without retries, because a failed signal is repeated with its row. */
  client: Client;
  log: Logger;
  registry: Registry;
  onDataRefused: (operation: string) => void;
  config: WorkerConfig;
  tracker: TrackerConfig;
  webhooks: WebhookConfig;
  notices: NoticeConfig;
}

/** What goes on in a worker beside its polling, with its metrics. `stop` waits for what each of them is doing. */
export function startBeside(options: BesideOptions): { stop: () => Promise<void> } {
  const { db, client, log, registry, onDataRefused, config, tracker, webhooks, notices } = options;
  relayMetrics(db, registry, log);
  const running = [
    startRelay({ db, client, log, onDataRefused, settings: relaySettings(config, tracker) }),
    startWebhooks({
      db,
      log,
      sealer: sealer(webhooks.WEBHOOK_SECRET_KEY),
      concurrency: webhooks.WEBHOOK_CONCURRENCY,
      allowPrivate: webhooks.WEBHOOK_ALLOW_PRIVATE,
      onAttempts: webhookMetrics(db, registry, log),
      onDataRefused,
    }),
    startNotices({ db, log, config: notices, counters: noticeMetrics(db, registry, log) }),
  ];
  return {
    stop: async () => {
      await Promise.all(running.map((each) => each.stop()));
    },
  };
}
