import type { z } from 'zod';
import { callbackFields, encode } from './callback.ts';
import type { callback } from './control-schemas.ts';
import type { AttemptEntry } from './journal.ts';
import { findParcel, levelOf, type Parcel, type World } from './model.ts';
import type { Outgoing, Pushes } from './pushes.ts';

const ANSWERS_SHOWN = 100;

/** A scenario that cannot be run as requested. */
export class ScenarioError extends Error {
  readonly status: 400 | 404;
  constructor(status: 400 | 404, message: string) {
    super(message);
    this.status = status;
  }
}

/** Results of callbacks sent by hand. */
export interface Sent {
  sent: number;
  acknowledged: number;
  /** Number of replies by HTTP status; `none` = no reply. */
  statuses: Record<string, number>;
  /** The first hundred, in order of sending. */
  attempts: AttemptEntry[];
}

/** Sends any callback, valid or not, once per level and copy, without repetitions. */
export async function sendCallbacks(world: World, pushes: Pushes, asked: z.output<typeof callback>): Promise<Sent> {
  const { num = '', code, copies, inOrder } = asked;
  const parcel = findParcel(world, num, code) ?? nobody(num, code ?? '04');
  const url = asked.url ?? parcel.registration?.callbackUrl;
  if (url === undefined) throw new ScenarioError(404, `no registration of ${num} says where to: give url`);
  const now = world.now();
  const levels = asked.levels ?? [asked.fields.level ?? levelOf(parcel)];
  const attempts: AttemptEntry[] = [];
  const one = async (level: unknown): Promise<void> => {
    const outgoing = outgoingOf(parcel, { ...asked, url: withToken(url, asked.token) }, level, now);
    attempts.push(...(await Promise.all(Array.from({ length: copies }, (_, copy) => pushes.attempt(outgoing, 1, copy)))));
  };
  if (inOrder) for (const level of levels) await one(level);
  else await Promise.all(levels.map(one));
  const byStatus = Map.groupBy(attempts, ({ status }) => String(status ?? 'none'));
  return {
    sent: attempts.length,
    acknowledged: attempts.filter(({ acknowledged }) => acknowledged).length,
    statuses: Object.fromEntries([...byStatus].map(([status, those]) => [status, those.length])),
    attempts: attempts.slice(0, ANSWERS_SHOWN),
  };
}

function outgoingOf(parcel: Parcel, asked: z.output<typeof callback> & { url: string }, level: unknown, now: number): Outgoing {
  const { num, code } = parcel;
  const scan = parcel.scans.findLast((each) => each.level === Number(level));
  const base = callbackFields(parcel, { level: Number(level), at: scan?.at ?? now, where: scan?.where }, asked.courierField);
  const written = asked.format === 'json' && asked.levels === undefined ? level : String(level);
  const fields: Record<string, unknown> = { ...base, ...asked.fields, level: written };
  for (const name of asked.omit) delete fields[name];
  const fid = String(fields.fid ?? '');
  return { url: asked.url, num, code, fid, level: String(level), ...(asked.raw ?? encode(fields, asked.format)) };
}

const nobody = (num: string, code: string): Parcel => ({
  code,
  num,
  registration: null,
  strangers: false,
  moves: false,
  scans: [],
});

function withToken(text: string, token: string | null | undefined): string {
  if (token === undefined) return text;
  const url = new URL(text);
  if (token === null) url.searchParams.delete('token');
  else url.searchParams.set('token', token);
  return url.href;
}
