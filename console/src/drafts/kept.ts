import { useSyncExternalStore } from 'react';
import { toast } from 'sonner';
import { onForget } from '../api/session.ts';
import { store, stored } from '../api/stored.ts';
import { t } from '../ui/texts.ts';

/**
 * Values of this tab that several parts of the screen share: the grid, the panel and the scan write the same input. They survive a
 * reload, and outlive the list that shows them.
 */
const values = new Map<string, unknown>();
const listeners = new Set<() => void>();
onForget(() => values.clear());

export function keptAs<T>(name: string, initial: T): T {
  if (!values.has(name)) values.set(name, stored(name, initial));
  return values.get(name) as T;
}

export function keep(name: string, value: unknown): void {
  values.set(name, value);
  if (!store(name, value)) toast.warning(t('storageFull'), { id: 'storage full' });
  for (const listener of listeners) listener();
}

function onKept(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** `initial` must be the same object each time. */
export const useKept = <T>(name: string, initial: T): T => useSyncExternalStore(onKept, () => keptAs(name, initial));

/** Names that begin so, among them those that only an earlier page of this tab has used. */
export function namesOf(beginning: string): string[] {
  const before = Object.keys(sessionStorage).flatMap((key) => (key.startsWith('console.') ? [key.slice('console.'.length)] : []));
  return [...new Set([...values.keys(), ...before])].filter((name) => name.startsWith(beginning));
}
