import type { NoticeEntry } from './notices/model.ts';
import type { Behaviour } from './parcels/behaviours.ts';
import * as schemas from './parcels/control-schemas.ts';
import type { AttemptEntry, QuestionEntry, RegistrationEntry, WaybillCounters } from './parcels/journal.ts';
import {
  findParcel,
  levelOf,
  optionsOf,
  type Parcel,
  type ParcelOptions,
  type Scan,
  type Settings,
  type World,
} from './parcels/model.ts';
import { type Parcels, scansUpTo } from './parcels/parcels.ts';
import type { Pushes } from './parcels/pushes.ts';
import { ScenarioError, type Sent, sendCallbacks } from './parcels/scenario.ts';

/** A parcel as the control routes show it. */
export interface ParcelView extends Parcel {
  level: number;
  options: ParcelOptions;
}

/** Watches and directs a simulator: in-process, or with the same calls as JSON under `/_control`. Invalid input throws. */
export class Control {
  private readonly world: World;
  private readonly parcels: Parcels;
  private readonly pushes: Pushes;
  private readonly forgetAll: () => void;

  constructor(world: World, parcels: Parcels, pushes: Pushes, forgetAll: () => void) {
    this.world = world;
    this.parcels = parcels;
    this.pushes = pushes;
    this.forgetAll = forgetAll;
  }

  /** Totals since the start or the last reset. */
  totals() {
    const byLevel: Record<string, number> = {};
    for (const parcel of this.world.parcels.values()) {
      const level = levelOf(parcel);
      byLevel[level] = (byLevel[level] ?? 0) + 1;
    }
    return { ...this.world.journal.totals, parcels: { total: this.world.parcels.size, byLevel } };
  }

  /** Changes settings, if any are given, and returns all of them. */
  settings(patch?: schemas.SettingsPatch): Settings {
    if (patch === undefined) return { ...this.world.settings };
    Object.assign(this.world.settings, schemas.settingsPatch.parse(patch));
    for (const parcel of this.world.parcels.values()) this.parcels.setOff(parcel);
    return { ...this.world.settings };
  }

  /** Sets how one waybill, known or not, behaves from now on; null restores the defaults. */
  options(num: string, options: schemas.OptionsInput | null): ParcelOptions {
    if (options === null) this.world.options.delete(num);
    else this.world.options.set(num, schemas.parcelOptions.parse(options));
    this.world.changed();
    const parcel = findParcel(this.world, num);
    if (parcel) this.parcels.setOff(parcel);
    return optionsOf(this.world, num);
  }

  /** Adds parcels that exist without a registration by the back office. */
  preload(input: schemas.Preload): { parcels: number } {
    const { parcels } = schemas.preload.parse(input);
    for (const { num, code, level, at, scans, strangers, moves } of parcels) {
      const made: Scan[] = scans?.map((scan) => ({ ...scan, pushed: 'none' })) ?? scansUpTo(level, at ?? this.world.now());
      this.parcels.put({ code, num, registration: null, strangers, moves, scans: made });
    }
    return { parcels: parcels.length };
  }

  /** Moves parcels now; waits for the first reply to each new callback. */
  async advance(input: schemas.Advance): Promise<{ parcels: number; scans: number; acknowledged: number }> {
    const { nums, code, level, wait, ...how } = schemas.advance.parse(input);
    const parcels = nums?.map((num) => this.known(num, code)) ?? this.registered();
    const under = Promise.all(parcels.map((parcel) => this.parcels.advance(parcel, level, how)));
    const scans = wait ? (await under).flat() : [];
    return {
      parcels: parcels.length,
      scans: scans.length,
      acknowledged: scans.filter((scan) => scan.pushed === 'acknowledged').length,
    };
  }

  /** Sends any callback. */
  async send(input: schemas.Callback): Promise<Sent> {
    return sendCallbacks(this.world, this.pushes, schemas.callback.parse(input));
  }

  behave(input: schemas.BehaviourInput): { id: number } {
    return { id: this.world.behaviours.add(schemas.behaviour.parse(input)) };
  }

  behaviours(): { id: number; rule: Behaviour; met: number }[] {
    return this.world.behaviours.list();
  }

  /** Removes one behaviour, or all. */
  unbehave(id?: number): { removed: number } {
    return { removed: this.world.behaviours.remove(id) };
  }

  parcel(num: string, code?: string): ParcelView {
    return this.view(this.known(num, code));
  }

  listParcels(filter: schemas.ParcelFilter = {}): { total: number; items: ParcelView[] } {
    const { num, level, offset, limit } = schemas.parcelFilter.parse(filter);
    const fits = [...this.world.parcels.values()].filter(
      (parcel) => (num === undefined || parcel.num === num) && (level === undefined || levelOf(parcel) === level),
    );
    return { total: fits.length, items: fits.slice(offset, offset + limit).map((parcel) => this.view(parcel)) };
  }

  registrations(filter: schemas.LogFilter = {}): RegistrationEntry[] {
    return newest(this.world.journal.registrations, filter);
  }

  questions(filter: schemas.LogFilter = {}): QuestionEntry[] {
    return newest(this.world.journal.questions, filter);
  }

  /** Every attempt to send a callback, with its reply. */
  callbacks(filter: schemas.LogFilter = {}): AttemptEntry[] {
    return newest(this.world.journal.attempts, filter);
  }

  /** Messages (알림톡) that were taken, to one number or to all, oldest first. */
  notices(filter: schemas.NoticeFilter = {}): NoticeEntry[] {
    const { to, limit } = schemas.noticeFilter.parse(filter);
    return this.world.notices.filter((entry) => to === undefined || entry.to === to).slice(-limit);
  }

  /** Counters of every waybill seen so far. */
  waybills(filter: schemas.WaybillFilter = {}): { num: string; code: string; counters: WaybillCounters }[] {
    const { num, acceptedAtLeast = 0, registeredAtLeast = 0, limit } = schemas.waybillFilter.parse(filter);
    return [...this.world.journal.waybills]
      .map(([key, counters]) => ({ code: key.slice(0, key.indexOf(':')), num: key.slice(key.indexOf(':') + 1), counters }))
      .filter((each) => num === undefined || each.num === num)
      .filter(({ counters }) => counters.accepted >= acceptedAtLeast && counters.registrations >= registeredAtLeast)
      .slice(0, limit);
  }

  /** Waits until every callback has been sent, repetitions included. */
  async idle(timeoutMs = 10_000): Promise<{ idle: boolean }> {
    return { idle: await this.pushes.idle(timeoutMs) };
  }

  /** Resets the daily limits. */
  newDay(): void {
    this.world.journal.forgetToday();
  }

  /** Returns to the state at the start, with no parcels. */
  reset(): void {
    this.forgetAll();
  }

  private known(num: string, code?: string): Parcel {
    const parcel = findParcel(this.world, num, code);
    if (!parcel) throw new ScenarioError(404, `no parcel ${num}`);
    return parcel;
  }

  private registered(): Parcel[] {
    return [...this.world.parcels.values()].filter((parcel) => parcel.registration);
  }

  private view(parcel: Parcel): ParcelView {
    return { ...parcel, level: levelOf(parcel), options: optionsOf(this.world, parcel.num) };
  }
}

function newest<T extends { num: string; code?: string; fid?: string; level?: string | number | null }>(
  log: readonly T[],
  filter: schemas.LogFilter,
): T[] {
  const { limit, ...wanted } = schemas.logFilter.parse(filter);
  const { num, code, fid, level } = wanted;
  const fits = log.filter(
    (entry) =>
      (num === undefined || entry.num === num) &&
      (code === undefined || entry.code === code) &&
      (fid === undefined || entry.fid === fid) &&
      (level === undefined || String(entry.level) === level),
  );
  return fits.slice(-limit);
}
