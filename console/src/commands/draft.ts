import { useStored } from '../api/stored.ts';

/** A half-filled form that survives a reload of its tab; closing it discards the input. Never use it for personal data. */
export function useDraft<T extends object>(name: string, initial: T): [T, (part: Partial<T>) => void, () => void] {
  const key = `form.${name}`;
  const [form, change] = useStored<T>(key, initial);
  const set = (part: Partial<T>) => change((before) => ({ ...before, ...part }));
  const forget = () => sessionStorage.removeItem(`console.${key}`);
  return [form, set, forget];
}
