import { type ChildProcess, fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { sql } from 'kysely';
import { lastEventId } from '../../db/events/list.ts';
import { orderEvents } from '../../db/events/order.ts';
import { aboutWebhook, sealer } from '../../process/sealed.ts';
import type { Bench, Part } from '../harness/bench.ts';
import { CALLBACK_SECRET, startWorker } from '../harness/programs.ts';
import { short, spreadOf } from '../measure/stats.ts';
import type { Counted } from './receivers.ts';

/** Target of issue 22, point 3. */
const EVENTS_PER_SECOND = 1_000;
const EVENTS_A_LINE = 5;
const AT_ONCE = 32;
const WITHIN_MS = 120_000;

const secret = `whsec_${randomBytes(32).toString('base64')}`;
const program = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Events drained to a good receiver beside one that is dead and one that never answers, against a bare sender to the same receiver. */
export const webhookPart: Part = {
  key: 'webhooks',
  title: 'Webhooks: events told to a good receiver beside a dead and a slow one, against a bare sender',
  run: async (bench) => {
    const receivers = fork(program('./receivers.ts'), { execArgv: [] });
    const worker = await startWorker(bench.servers, { slots: 100, cache: 100 }, { WEBHOOK_ALLOW_PRIVATE: 'on' });
    try {
      await measure(bench, receivers);
    } finally {
      receivers.disconnect();
      await worker.stop();
    }
  },
};

async function measure({ servers, report, sizes, rounds }: Bench, receivers: ChildProcess): Promise<void> {
  const db = servers.db.product;
  const [ports] = (await once(receivers, 'message')) as [{ good: number; slow: number; dead: number }];
  await orderEvents(db);
  for (const port of [ports.dead, ports.slow, ports.good]) await endpoint(servers.db.product, port);
  const ask = async () => {
    receivers.send('how many');
    return ((await once(receivers, 'message')) as [Counted])[0];
  };
  const floors: number[] = [];
  const ours: number[] = [];
  await rounds(sizes.rounds, sizes.roundSeconds, async (round) => {
    const bare = fork(program('../floor/floor-webhook.ts'), [JSON.stringify(bareTask(ports.good, sizes.webhooks))], {
      execArgv: [],
    });
    const [{ ms }] = (await once(bare, 'message')) as [{ ms: number }];
    floors.push((sizes.webhooks * 1000) / ms);
    const { came: before } = await ask();
    const from = performance.now();
    await db.query(sql`insert into events (type, at, subject, data)
      select 'delivery.instructed', now(), 'B' || ${round}::int || '-' || n % ${sizes.webhooks / EVENTS_A_LINE}::int,
             jsonb_build_object('subject', 'B' || ${round}::int || '-' || n % ${sizes.webhooks / EVENTS_A_LINE}::int, 'revision', n, 'state', 'instructed')
        from generate_series(1, ${sizes.webhooks}::int) n`);
    for (;;) {
      const { came } = await ask();
      if (came >= before + sizes.webhooks) break;
      if (performance.now() - from > WITHIN_MS) throw new Error(`only ${came - before} of ${sizes.webhooks} events came`);
      await sleep(20);
    }
    ours.push((sizes.webhooks * 1000) / (performance.now() - from));
  });
  const { disordered, slow } = await ask();
  if (disordered > 0) throw new Error(`${disordered} events came after a later one of their line`);
  report.say(`${sizes.webhooks} events on ${sizes.webhooks / EVENTS_A_LINE} lines; the slow one got ${slow} and answered none`);
  report.say(`a bare sender, ${AT_ONCE} at once: ${floors.map((rate) => short(rate)).join(', ')} events/s`);
  report.target('webhooks: events/s to a good receiver', spreadOf(ours), { atLeast: EVENTS_PER_SECOND }, '/s', spreadOf(floors));
  const ratios = ours.map((rate, at) => rate / (floors[at] ?? rate));
  report.say(`of the bare sender: ${ratios.map((ratio) => short(ratio)).join(', ')} ×`);
}

const bareTask = (port: number, count: number) => ({ url: `http://127.0.0.1:${port}/`, secret, count, atOnce: AT_ONCE });

/** An endpoint that is told what comes from now on. */
async function endpoint(db: Bench['servers']['db']['product'], port: number): Promise<void> {
  const [made] = await db.query(sql<{ id: number }>`insert into webhooks (url, types, secret, told_until, created_by)
    values (${`http://127.0.0.1:${port}/`}, ${['*']}, '', ${await lastEventId(db.query)}, 'bench') returning id`);
  const id = made?.id ?? 0;
  const sealed = sealer(CALLBACK_SECRET).seal(secret, aboutWebhook(id));
  await db.query(sql`update webhooks set secret = ${sealed} where id = ${id}`);
}
