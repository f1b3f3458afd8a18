import { useSyncExternalStore } from 'react';
import { doneIn, type Inspection, keyOf, onSettled } from '../api/jobs.ts';
import { reasonFaults } from '../api/permissions.ts';
import { onForget } from '../api/session.ts';
import { store, stored } from '../api/stored.ts';

/** The parts of a pickup that its inspection needs. */
export interface Inspectable {
  pickupNo: string;
  revision: number;
  allowedCommands: string[];
  items: { lineNo: number; quantity: number; reasonCode: string }[];
}
/** As typed; only whole numbers that add up to the quantity are sent. */
export interface Found {
  restock: string;
  dispose: string;
  fault: '' | 'buyer' | 'seller';
}
type Field = keyof Found;
interface Entry {
  /** The pickup's revision when this was typed. */
  revision: number;
  items: Record<number, Partial<Found>>;
}

const STORE = 'inspected';
let entries: Record<string, Entry> = stored(STORE, {});
const listeners = new Set<() => void>();

function save(next: Record<string, Entry>): void {
  entries = next;
  store(STORE, entries);
  for (const listener of listeners) listener();
}
onForget(() => {
  entries = {};
});

/** Everything that was typed; whatever shows or sends an inspection is drawn again when it changes. */
export const useInspections = () =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => entries,
  );

const isCount = (text: string) => /^\d{1,4}$/.test(text);

/** What was found of an item; where nothing was typed all is restocked, and the fault follows from the claim's reason. */
export function foundOf({ pickupNo }: Inspectable, { lineNo, quantity, reasonCode }: Inspectable['items'][number]): Found {
  const typed = entries[pickupNo]?.items[lineNo];
  return { restock: `${quantity}`, dispose: '0', ...typed, fault: typed?.fault || (reasonFaults[reasonCode] ?? '') };
}

export const isRight = ({ restock, dispose }: Found, quantity: number): boolean =>
  isCount(restock) && isCount(dispose) && Number(restock) + Number(dispose) === quantity;

/** Typed for an earlier revision: somebody else has changed the pickup since, so it must be looked at again. */
export const isOld = ({ pickupNo, revision }: Inspectable): boolean =>
  entries[pickupNo] !== undefined && entries[pickupNo].revision !== revision;

/** Whether its inspection cannot be sent as it stands. */
export const isFaulty = (pickup: Inspectable): boolean =>
  isOld(pickup) || pickup.items.some((item) => !isRight(foundOf(pickup, item), item.quantity));

/** What 회수완료 sends of a pickup: always every item, so that nothing is restocked that nobody has seen. */
export const inspectionOf = (pickup: Inspectable): Inspection[] =>
  pickup.items.map((item) => {
    const { restock, dispose, fault } = foundOf(pickup, item);
    return { lineNo: item.lineNo, restock: Number(restock), dispose: Number(dispose), ...(fault ? { fault } : {}) };
  });

/** A restocked quantity gives the disposed one, and the reverse. */
function completed(field: Field, value: string, quantity: number): Partial<Found> {
  if (field === 'fault') return { fault: value === 'buyer' || value === 'seller' ? value : '' };
  const other = field === 'restock' ? 'dispose' : 'restock';
  const rest = isCount(value) && Number(value) <= quantity ? { [other]: `${quantity - Number(value)}` } : {};
  return { [field]: value, ...rest };
}

export function inspect(pickup: Inspectable, lineNo: number, field: Field, value: string): void {
  const item = pickup.items.find((each) => each.lineNo === lineNo);
  if (!item) return;
  const before = entries[pickup.pickupNo]?.items ?? {};
  const found = { ...before[lineNo], ...completed(field, value.trim(), item.quantity) };
  save({ ...entries, [pickup.pickupNo]: { revision: pickup.revision, items: { ...before, [lineNo]: found } } });
}

/** For how many pickups something was typed and not sent. */
export const inspectedNow = (): number => Object.keys(entries).length;

/** The quantities typed for an earlier revision are right for this one too. */
export function keepInspection({ pickupNo, revision }: Inspectable): void {
  const entry = entries[pickupNo];
  if (entry) save({ ...entries, [pickupNo]: { ...entry, revision } });
}

export const forgetInspections = (): void => save({});

/** Completed: the input was sent. Any other command of one's own moves the pickup on, and what was typed moves with it. */
onSettled((part) => {
  if (part.family !== 'pickups') return;
  const done = doneIn(part);
  const next = { ...entries };
  part.targets.forEach((target, at) => {
    const [pickupNo, result] = [keyOf(target), part.results[at]];
    const entry = next[pickupNo];
    if (!entry || !done.has(pickupNo)) return;
    if (result?.state !== 'confirmed') delete next[pickupNo];
    else if ('revision' in target && entry.revision === target.revision && result.revision !== undefined)
      next[pickupNo] = { ...entry, revision: result.revision };
  });
  save(next);
});
