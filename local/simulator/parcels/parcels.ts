import { jitterOf } from './callback.ts';
import type { ParcelClock } from './clock.ts';
import { DELIVERED, keyOf, levelOf, optionsOf, type Parcel, type Scan, type World } from './model.ts';
import type { Pushes } from './pushes.ts';

/** How a scan at a given moment appears outside. */
export interface ScanOptions {
  at?: number | undefined;
  where?: string | undefined;
  /** False: trackingInfo shows it, but there is no callback. */
  push?: boolean | undefined;
}

const STEP_BACK_MS = 6 * 3_600_000;

/** Parcels and how they move. */
export class Parcels {
  private readonly world: World;
  private readonly pushes: Pushes;
  private readonly clock: ParcelClock;

  constructor(world: World, pushes: Pushes, clock: ParcelClock) {
    this.world = world;
    this.pushes = pushes;
    this.clock = clock;
  }

  /** Adds a parcel, replacing one with the same carrier and number. */
  put(parcel: Parcel): void {
    this.world.parcels.set(keyOf(parcel.code, parcel.num), parcel);
    this.world.changed();
    this.setOff(parcel);
  }

  /** Sends the callbacks of earlier scans now; then the clock continues. */
  register(code: string, num: string, fid: string, callbackUrl: string): void {
    const known = this.world.parcels.get(keyOf(code, num));
    const parcel: Parcel = known ?? { code, num, registration: null, strangers: false, moves: true, scans: [] };
    parcel.registration = { fid, callbackUrl, at: this.world.now() };
    for (const scan of parcel.scans) void this.pushes.push(parcel, scan);
    this.put(parcel);
  }

  /** Called by the clock: one level further. */
  step(key: string): void {
    const parcel = this.world.parcels.get(key);
    if (!parcel || !this.mayMove(parcel)) return;
    void this.scan(parcel, levelOf(parcel) + 1);
    this.setOff(parcel);
  }

  /** Moves a parcel now, level by level or in one leap; resolves when its new callbacks have their first reply. */
  async advance(parcel: Parcel, level: number, how: ScanOptions & { leap?: boolean | undefined }): Promise<Scan[]> {
    const from = how.leap ? level : levelOf(parcel) + 1;
    const first = parcel.scans.length;
    const told: Promise<void>[] = [];
    const at = how.at ?? this.world.now();
    for (let next = from; next <= level; next++) {
      // The levels in between are one second apart, after the scans that exist already.
      const earlier = Math.max(parcel.scans.at(-1)?.at ?? 0, at - (level - next) * 1_000);
      told.push(this.scan(parcel, next, { ...how, at: next === level ? at : earlier }));
    }
    const scans = parcel.scans.slice(first);
    await Promise.all(told);
    return scans;
  }

  /** Starts the clock for a parcel that can still move; also called after its options have changed. */
  setOff(parcel: Parcel): void {
    const { pace = 1 } = optionsOf(this.world, parcel.num);
    if (this.mayMove(parcel)) this.clock.schedule(keyOf(parcel.code, parcel.num), pace * jitterOf(parcel.num, levelOf(parcel)));
  }

  /** Continues after a restart: sends again what was never acknowledged. */
  resume(): void {
    for (const parcel of this.world.parcels.values()) {
      for (const scan of parcel.scans) if (scan.pushed === 'pending') void this.pushes.push(parcel, scan);
      this.setOff(parcel);
    }
  }

  private scan(parcel: Parcel, level: number, { at = this.world.now(), where, push = true }: ScanOptions = {}): Promise<void> {
    const scan: Scan = { level, at, pushed: 'none', ...(where === undefined ? {} : { where }) };
    parcel.scans.push(scan);
    this.world.journal.totals.callbacks.scans++;
    this.world.changed();
    return push ? this.pushes.push(parcel, scan) : Promise.resolve();
  }

  private mayMove(parcel: Parcel): boolean {
    const { neverScanned = false, stopAt = DELIVERED } = optionsOf(this.world, parcel.num);
    return parcel.moves && !neverScanned && levelOf(parcel) < Math.min(stopAt, DELIVERED);
  }
}

/** Scans up to a level, the newest at `at`, six hours apart. */
export function scansUpTo(level: number, at: number): Scan[] {
  return Array.from({ length: level }, (_, index) => ({
    level: index + 1,
    at: at - (level - 1 - index) * STEP_BACK_MS,
    pushed: 'none',
  }));
}
