import { pino } from 'pino';
import { sealer } from '../../../process/sealed.ts';
import { startWebhooks } from '../../../worker/webhooks/sender.ts';
import type { Stack } from '../../support/stack.ts';

/** The sender of a stack's webhooks, as the worker runs it. */
export const startSender = ({ db, deps }: Stack) =>
  startWebhooks({
    ...{ db, log: pino({ level: 'silent' }), sealer: sealer(deps.webhooks.WEBHOOK_SECRET_KEY), concurrency: 8 },
    ...{ allowPrivate: true, onAttempts: () => {}, onDataRefused: () => {} },
  });
