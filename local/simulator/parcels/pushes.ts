import { setTimeout as sleep } from 'node:timers/promises';
import pLimit from 'p-limit';
import { callbackFields, createPoster, encode, isAcknowledged, type Reply, told } from './callback.ts';
import type { AttemptEntry } from './journal.ts';
import { DELIVERED, keyOf, optionsOf, type Parcel, SCAN_ERROR, type Scan, type World } from './model.ts';

/** Callbacks in flight at once, not counting those of scenarios. */
const IN_FLIGHT = 64;
const POLL_MS = 10;

/** A callback ready to be sent. */
export interface Outgoing {
  url: string;
  num: string;
  code: string;
  fid: string;
  level: string;
  body: string;
  contentType: string;
}

/** Sends callbacks for scans: the first attempts of a parcel one after the other, repetitions independently. */
export class Pushes {
  private readonly world: World;
  private readonly poster = createPoster();
  private readonly limit = pLimit(IN_FLIGHT);
  /** For each parcel, when its last callback in progress has ended. */
  private readonly tails = new Map<string, Promise<void>>();
  private readonly held = new Map<string, Scan[]>();
  private life = new AbortController();

  constructor(world: World) {
    this.world = world;
  }

  /** Resolves when the first attempt has its reply (at once when the callback is held back or there is nobody to call). */
  async push(parcel: Parcel, scan: Scan): Promise<void> {
    const { world, life } = this;
    const options = optionsOf(world, parcel.num);
    if (parcel.registration === null || options.silent || options.neverScanned) {
      scan.pushed = 'none';
      return;
    }
    scan.pushed = 'pending';
    world.journal.totals.callbacks.pending++;
    const key = keyOf(parcel.code, parcel.num);
    const { now, held } = told(scan, this.held.get(key) ?? [], options.stopAt ?? DELIVERED, options);
    if (held.length > 0) this.held.set(key, held);
    else this.held.delete(key);
    if (now.length === 0) return;
    if (options.pushDelayMs) await this.pause(options.pushDelayMs, life.signal);
    const before = this.tails.get(key) ?? Promise.resolve();
    const tail = before.then(async () => {
      for (const each of now) await this.tell(parcel, each, life.signal);
    });
    this.tails.set(key, tail);
    await tail;
    if (this.tails.get(key) === tail) this.tails.delete(key);
  }

  /** One attempt, logged. Never rejects. */
  async attempt(outgoing: Outgoing, attempt = 1, copy = 0): Promise<AttemptEntry> {
    const { world, life } = this;
    const started = performance.now();
    const at = new Date(world.now()).toISOString();
    let reply: Reply | undefined;
    let error: string | null = null;
    try {
      const { url, body, contentType } = outgoing;
      reply = await this.poster.post(new URL(url), body, contentType, world.settings.replyTimeoutMs);
    } catch (problem) {
      error = problem instanceof Error ? `${problem.name}: ${problem.message}` : String(problem);
    }
    const { code, ...told } = outgoing;
    const entry: AttemptEntry = {
      at,
      ...told,
      attempt,
      copy,
      status: reply?.status ?? null,
      reply: reply?.text ?? '',
      error,
      ms: Math.round(performance.now() - started),
      acknowledged: reply !== undefined && isAcknowledged(reply.status, reply.text),
    };
    if (!life.signal.aborted) world.journal.attempt(entry, code);
    return entry;
  }

  /** Waits until every callback has been sent; false when that takes longer than `ms`. */
  async idle(ms: number): Promise<boolean> {
    const deadline = performance.now() + ms;
    while (this.world.journal.totals.callbacks.pending > 0) {
      if (performance.now() > deadline) return false;
      await sleep(POLL_MS);
    }
    return true;
  }

  /** Discards the callbacks not sent yet. */
  forget(): void {
    this.life.abort();
    this.life = new AbortController();
    this.held.clear();
    this.tails.clear();
  }

  close(): void {
    this.life.abort();
    this.poster.close();
  }

  /** Sends the first attempt with its duplicates; repetitions continue in the background. */
  private async tell(parcel: Parcel, scan: Scan, signal: AbortSignal): Promise<void> {
    if (signal.aborted || parcel.registration === null) return;
    const { num } = parcel;
    const options = optionsOf(this.world, num);
    const copies = Array.from({ length: 1 + (options.duplicates ?? 0) }, (_, copy) =>
      this.limit(() => this.attempt(this.outgoing(parcel, scan), 1, copy)),
    );
    const [first] = await Promise.all(copies);
    if (signal.aborted) return;
    if (first?.acknowledged) this.settle(scan, 'acknowledged');
    else void this.repeat(parcel, scan, signal);
    if (options.scanErrorAfter === scan.level) {
      await this.limit(() => this.attempt(this.outgoing(parcel, { ...scan, level: SCAN_ERROR })));
    }
  }

  private async repeat(parcel: Parcel, scan: Scan, signal: AbortSignal): Promise<void> {
    let attempt = 1;
    for (const ms of this.world.settings.retryPausesMs) {
      await this.pause(ms, signal);
      if (signal.aborted) return;
      const { acknowledged } = await this.limit(() => this.attempt(this.outgoing(parcel, scan), ++attempt));
      if (signal.aborted) return;
      if (acknowledged) return this.settle(scan, 'acknowledged');
    }
    this.world.journal.totals.callbacks.gaveUp++;
    this.settle(scan, 'gaveUp');
  }

  private outgoing(parcel: Parcel, scan: Scan): Outgoing {
    const { code, num, registration } = parcel;
    const { body = 'form', courierField = 'courier_code' } = optionsOf(this.world, num);
    const fields = callbackFields(parcel, scan, courierField);
    const { callbackUrl = '', fid = '' } = registration ?? {};
    return { url: callbackUrl, num, code, fid, level: String(scan.level), ...encode(fields, body) };
  }

  private settle(scan: Scan, pushed: 'acknowledged' | 'gaveUp'): void {
    scan.pushed = pushed;
    this.world.journal.totals.callbacks.pending--;
    this.world.changed();
  }

  private async pause(ms: number, signal: AbortSignal): Promise<void> {
    await sleep(ms, undefined, { signal }).catch(() => {});
  }
}
