import { createRandom, type Random } from '../../local/sample/random.ts';

/** What is done to a part, or to the gate before one of its connections. */
export type Deed =
  | { kind: 'kill' }
  | { kind: 'pause' }
  | { kind: 'full-disk' }
  | { kind: 'latency'; ms: number }
  | { kind: 'stalled' }
  | { kind: 'half-open' }
  | { kind: 'reset' };

/** One fault of a run: when it begins, in ms after the start, and how long it lasts. */
export interface Fault {
  at: number;
  lasts: number;
  /** Name of a part or of a gate. */
  where: string;
  deed: Deed;
}

/** The random numbers of one actor, so that what one does shifts nobody else's. */
export function streamOf(seed: number, actor: string): Random {
  let mixed = seed | 0;
  for (const letter of actor) mixed = Math.imul(mixed ^ letter.charCodeAt(0), 0x01000193);
  return createRandom(mixed);
}

const PARTS_DEEDS = ['kill', 'kill', 'pause', 'pause', 'full-disk'] as const;
const GATES_DEEDS = ['latency', 'stalled', 'half-open', 'reset'] as const;

/** The faults of a run of so many ms. The same seed, parts and gates give the same plan. */
export function planFaults(
  seed: number,
  length: number,
  { parts, gates, hasDisks }: { parts: string[]; gates: string[]; hasDisks: boolean },
): Fault[] {
  const random = streamOf(seed, 'nemesis');
  const faults: Fault[] = [];
  for (let at = random.between(1_000, 3_000); at < length; at += random.between(1_500, 6_000)) {
    const toPart = random.chance(0.6);
    const where = random.pick(toPart ? parts : gates);
    const name = toPart ? random.pick(PARTS_DEEDS) : random.pick(GATES_DEEDS);
    const long = random.between(2_000, 9_000);
    const ms = random.between(20, 400);
    // Drawn in any case, so that a machine without such faults has the same others.
    if (name === 'full-disk' && !hasDisks) continue;
    const deed: Deed = name === 'latency' ? { kind: name, ms } : { kind: name };
    const lasts = name === 'kill' || name === 'reset' ? 0 : long;
    faults.push({ at, lasts: Math.min(lasts, Math.max(0, length - at)), where, deed });
  }
  return faults;
}
