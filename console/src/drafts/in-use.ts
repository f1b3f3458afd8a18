import { useEffect, useSyncExternalStore } from 'react';
import { api, get } from '../api/api.ts';
import { onSettled } from '../api/jobs.ts';
import { getSession, onForget } from '../api/session.ts';
import { pairOf, type Unsent, type Used } from '../waybills/clashes.ts';

type Pair = Pick<Unsent, 'carrierCode' | 'waybillNo'>;
const MOST_ASKED = 500;
/** While somebody types or pastes, one question is enough. */
const SETTLE_MS = 100;

/** Who uses which waybill, as far as it was asked; all parts of the screen share it. */
let known: ReadonlyMap<string, Used> = new Map();
const underWay = new Set<string>();
const listeners = new Set<() => void>();
function know(next: ReadonlyMap<string, Used>): void {
  known = next;
  for (const listener of listeners) listener();
}
const onKnown = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};
const forget = () => know(new Map());
onForget(forget);
// A command may have taken or freed any of them.
onSettled(forget);

/** Which of these waybills the API knows as in use, by their pairs. */
export async function askUsed(pairs: readonly Pair[]): Promise<Map<string, Used>> {
  const parts = Array.from({ length: Math.ceil(pairs.length / MOST_ASKED) }, (_each, at) =>
    pairs.slice(at * MOST_ASKED, (at + 1) * MOST_ASKED).map(({ carrierCode, waybillNo }) => ({ carrierCode, waybillNo })),
  );
  const answers = await Promise.all(parts.map((waybills) => get(api.POST('/api/bo/v1/waybills/check', { body: { waybills } }))));
  return new Map(answers.flatMap(({ items }) => items.map((each) => [pairOf(each), each.usedBy])));
}

async function ask(pairs: ReadonlyMap<string, Pair>): Promise<void> {
  const begun = known;
  for (const key of pairs.keys()) underWay.add(key);
  const found = await askUsed([...pairs.values()]).catch(() => null);
  for (const key of pairs.keys()) underWay.delete(key);
  if (found === null) return;
  // What was asked before a command says nothing about the time after it.
  if (begun.size > 0 && known.size === 0) return forget();
  know(new Map([...known, ...found]));
}

/**
 * Who uses these waybills, as far as known; each is asked once, and again after a command. When it cannot be asked nothing is marked,
 * and the API judges what is sent.
 */
export function useUsed(unsent: readonly Unsent[]): ReadonlyMap<string, Used> {
  const used = useSyncExternalStore(onKnown, () => known);
  useEffect(() => {
    const asked = new Map(unsent.map((each) => [pairOf(each), each]));
    for (const key of [...used.keys(), ...underWay]) asked.delete(key);
    if (asked.size === 0 || !getSession().permissions.has('delivery.read')) return;
    const timer = setTimeout(() => void ask(asked), SETTLE_MS);
    return () => clearTimeout(timer);
  }, [unsent, used]);
  return used;
}
