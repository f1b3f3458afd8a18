import { useStored } from '../api/stored.ts';

/** A form that is half filled in survives a reload of its tab; it is forgotten when it is closed. Never for people's data. */
export function useDraft<T extends object>(name: string, initial: T): [T, (part: Partial<T>) => void, () => void] {
  const key = `form.${name}`;
  const [form, change] = useStored<T>(key, initial);
  const set = (part: Partial<T>) => change((before) => ({ ...before, ...part }));
  const forget = () => sessionStorage.removeItem(`console.${key}`);
  return [form, set, forget];
}
