import { keyOf, kstDay, type Settings } from './model.ts';

/** A `POST /add_invoice` as received, and its result. */
export interface RegistrationEntry {
  at: string;
  num: string;
  code: string;
  fid: string;
  callbackUrl: string;
  tier: string;
  key: string;
  type: string;
  contentType: string;
  /** `right`, or the behaviour that gave the answer. */
  answeredBy: string;
  /** The right answer, even if it was not sent, or the answer with a behaviour's e_code; null when nothing was done. */
  answer: { success: boolean; num: string; fid: string; e_code: string; e_message: string } | null;
}

/** A request to trackingInfo. `error` is the code of an HTTP-200 error. */
export interface QuestionEntry {
  at: string;
  method: string;
  key: string;
  num: string;
  code: string;
  answeredBy: string;
  level: number | null;
  error: string | null;
}

/** One attempt to send one callback. */
export interface AttemptEntry {
  at: string;
  url: string;
  num: string;
  fid: string;
  level: string;
  contentType: string;
  body: string;
  /** 1 for the first; duplicates repeat the number with `copy` above 0. */
  attempt: number;
  copy: number;
  /** Of the reply; null when there was none: then `error` has the reason. */
  status: number | null;
  reply: string;
  error: string | null;
  ms: number;
  /** The reply was exactly what SweetTracker requires. */
  acknowledged: boolean;
}

/** Kept for every waybill, also with `keepLog: counters`. */
export interface WaybillCounters {
  registrations: number;
  accepted: number;
  questions: number;
  callbacks: number;
  acknowledged: number;
}

const WAYBILLS_LIMIT = 500_000;

const noTotals = () => ({
  registrations: { received: 0, accepted: 0, refused: {} as Record<string, number>, unanswered: 0 },
  questions: { received: 0, answered: 0, errors: {} as Record<string, number> },
  callbacks: { scans: 0, attempts: 0, acknowledged: 0, gaveUp: 0, pending: 0 },
});

/** Everything received and sent: counters always, single entries up to `logLimit`. */
export class Journal {
  readonly registrations: RegistrationEntry[] = [];
  readonly questions: QuestionEntry[] = [];
  readonly attempts: AttemptEntry[] = [];
  readonly waybills = new Map<string, WaybillCounters>();
  totals = noTotals();
  private readonly settings: () => Settings;
  private today = '';
  private askedToday = new Map<string, number>();
  private askedInAll = 0;

  constructor(settings: () => Settings) {
    this.settings = settings;
  }

  registration(entry: RegistrationEntry): void {
    const { registrations } = this.totals;
    const waybill = this.waybill(entry.code, entry.num);
    registrations.received++;
    waybill.registrations++;
    if (entry.answer === null) registrations.unanswered++;
    else if (entry.answer.success) {
      registrations.accepted++;
      waybill.accepted++;
    } else count(registrations.refused, entry.answer.e_code);
    this.keep(this.registrations, entry);
  }

  question(entry: QuestionEntry): void {
    const { questions } = this.totals;
    questions.received++;
    this.waybill(entry.code, entry.num).questions++;
    if (entry.error !== null) count(questions.errors, entry.error);
    else if (entry.level !== null) questions.answered++;
    this.keep(this.questions, entry);
  }

  attempt(entry: AttemptEntry, code: string): void {
    const waybill = this.waybill(code, entry.num);
    this.totals.callbacks.attempts++;
    waybill.callbacks++;
    if (entry.acknowledged) {
      this.totals.callbacks.acknowledged++;
      waybill.acknowledged++;
    }
    this.keep(this.attempts, entry);
  }

  /** Counts a question for the day's limits; returns today's number, in all and for this waybill, this one included. */
  asked(code: string, num: string, now: number): { inAll: number; waybill: number } {
    const day = kstDay(now);
    if (day !== this.today) this.forgetToday(day);
    const key = keyOf(code, num);
    const waybill = (this.askedToday.get(key) ?? 0) + 1;
    if (this.settings().perWaybillPerDay !== null) this.askedToday.set(key, waybill);
    return { inAll: ++this.askedInAll, waybill };
  }

  /** Resets the daily limits. */
  forgetToday(day = ''): void {
    this.today = day;
    this.askedToday = new Map();
    this.askedInAll = 0;
  }

  clear(): void {
    for (const log of [this.registrations, this.questions, this.attempts]) log.length = 0;
    this.waybills.clear();
    this.totals = noTotals();
    this.forgetToday();
  }

  private waybill(code: string, num: string): WaybillCounters {
    const key = keyOf(code, num);
    const known = this.waybills.get(key);
    if (known) return known;
    if (this.waybills.size >= WAYBILLS_LIMIT)
      for (const oldest of this.waybills.keys()) {
        this.waybills.delete(oldest);
        break;
      }
    const fresh = { registrations: 0, accepted: 0, questions: 0, callbacks: 0, acknowledged: 0 };
    this.waybills.set(key, fresh);
    return fresh;
  }

  /** Removes the oldest entries all at once, when the log is a tenth over its limit. */
  private keep<T>(log: T[], entry: T): void {
    const { keepLog, logLimit } = this.settings();
    if (keepLog === 'counters') return;
    log.push(entry);
    if (log.length > logLimit * 1.1) log.splice(0, log.length - logLimit);
  }
}

function count(counts: Record<string, number>, name: string): void {
  counts[name] = (counts[name] ?? 0) + 1;
}
