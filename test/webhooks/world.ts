import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { sql } from 'kysely';
import { pino } from 'pino';
import { Webhook } from 'standardwebhooks';
import { type Db, openDb } from '../../db/database.ts';
import { lastEventId } from '../../db/events/list.ts';
import { orderEvents } from '../../db/events/order.ts';
import type { Row } from '../../db/statement.ts';
import { aboutWebhook, sealer } from '../../process/sealed.ts';
import { startWebhooks, type WebhookOptions } from '../../worker/webhooks/sender.ts';
import { createDatabase } from '../support/database.ts';

/** What a receiver got in one attempt. */
export interface Got {
  id: string;
  at: number;
  headers: Record<string, string>;
  body: string;
  subject: string;
  revision: number;
}

/** A receiver outside that keeps what it gets and answers as it is told; by default 204. */
export async function startReceiver(
  answer: (got: Got, response: ServerResponse) => void = (_, response) => response.writeHead(204).end(),
) {
  const got: Got[] = [];
  let answers = answer;
  const read = async (request: IncomingMessage, response: ServerResponse) => {
    const body = await text(request);
    const { subject = '', revision = 0 } = JSON.parse(body).data;
    const headers = request.headers as Record<string, string>;
    const one = { id: headers['webhook-id'] ?? '', at: Date.now(), headers, body, subject, revision };
    got.push(one);
    answers(one, response);
  };
  const server = createServer((request, response) => void read(request, response).catch(() => response.destroy()));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    got,
    port,
    url: `http://127.0.0.1:${port}/hook`,
    answer: (next: typeof answer) => {
      answers = next;
    },
    of: (subject: string) => got.filter((each) => each.subject === subject).map(({ revision }) => revision),
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
export type Receiver = Awaited<ReturnType<typeof startReceiver>>;

/** Where nobody listens. Not the port of a receiver that was stopped: another test's may have it by now. */
export const NOBODY = 'http://127.0.0.1:9/';

export const KEY = 'a-key-for-the-secrets-of-webhooks-0123456789';
export const newSecret = () => `whsec_${randomBytes(32).toString('base64')}`;

/** A database with its senders. */
export async function webhookWorld() {
  const database = await createDatabase();
  const db = openDb({ url: database.url, byIndex: true });
  const senders: { stop: () => Promise<void> }[] = [];
  const log = pino({ level: 'silent' });
  return {
    db,
    url: database.url,
    send: (options: Partial<WebhookOptions> = {}) => {
      const sender = startWebhooks({
        ...{ db, log, sealer: sealer(KEY), concurrency: 8, allowPrivate: true },
        ...{ onAttempts: () => {}, onDataRefused: () => {}, ...options },
      });
      senders.push(sender);
      return sender;
    },
    stop: async () => {
      await Promise.all(senders.map((sender) => sender.stop()));
      await db.close();
      await database.drop();
    },
  };
}

/** An endpoint that begins with what comes next. */
export async function endpoint(db: Db, url: string, { types = ['*'], secret = newSecret(), oldSecret = '' } = {}) {
  await orderEvents(db);
  const from = await lastEventId(db.query);
  // Sealed about its id, and never to be seen without a secret.
  const id = await db.transaction(async (query) => {
    const [row] = await query(sql<{ id: number }>`insert into webhooks (url, types, secret, told_until, created_by)
      values (${url}, ${types}, '', ${from}, 'kim') returning id`);
    const made = row?.id ?? 0;
    const seal = (text: string) => sealer(KEY).seal(text, aboutWebhook(made));
    await query(sql`update webhooks set secret = ${seal(secret)}, old_secret = ${oldSecret && seal(oldSecret)},
      old_secret_until = case when ${oldSecret} <> '' then now() + interval '1 day' end where id = ${made}`);
    return made;
  });
  return { id, secret };
}

/** Events of subjects with these revisions, in this order. */
export async function happens(db: Db, events: { subject: string; revision: number; type?: string }[]): Promise<void> {
  await db.query(sql`insert into events (type, at, subject, data)
    select coalesce(e ->> 'type', 'delivery.instructed'), now(), e ->> 'subject', e - 'type'
      from jsonb_array_elements(${JSON.stringify(events)}::jsonb) with ordinality as events(e, n) order by n`);
}

export const webhookOf = async (db: Db, id: number): Promise<Row<'webhooks'>> =>
  (await db.query(sql<Row<'webhooks'>>`select * from webhooks where id = ${id}`))[0] as Row<'webhooks'>;

/** What an endpoint has to get, in the order of events. */
export const deliveriesOf = (db: Db, id: number): Promise<Row<'webhook_deliveries'>[]> =>
  db.query(sql<Row<'webhook_deliveries'>>`select * from webhook_deliveries where webhook_id = ${id} order by event_id`);

export const waitingOf = async (db: Db, id: number): Promise<number> =>
  (await deliveriesOf(db, id)).filter(({ state }) => state === 'waiting').length;

/** As if the pauses before the next attempts were over; false = nothing of the endpoint pauses yet. */
export const later = async (db: Db, id: number): Promise<boolean> => {
  const due = sql`update webhook_lines set next_at = now() where webhook_id = ${id} and leased_until is null returning 1`;
  return (await db.query(due)).length > 0;
};

/** As if the leases of a sender that died were over. */
export const leasesEnd = async (db: Db): Promise<void> => {
  await db.query(sql`update webhook_lines set leased_until = now() where leased_until is not null`);
};

/** Throws unless what came is signed by this secret. */
export const verify = (got: Got, secret: string) => new Webhook(secret).verify(got.body, got.headers);
