import { onlineManager } from '@tanstack/react-query';

/** `offline` = this computer has no network; `down` = it has, but the API does not answer. */
type Connection = 'up' | 'offline' | 'down';

const PROBE_MS = 2_000;
let isDown = false;
let probe: ReturnType<typeof setTimeout> | undefined;
const listeners = new Set<() => void>();

export const getConnection = (): Connection => (onlineManager.isOnline() ? (isDown ? 'down' : 'up') : 'offline');
export function onConnection(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
const tell = () => {
  for (const listener of listeners) listener();
};
onlineManager.subscribe(tell);

/** Called after every call: whether the API answered. When it did not, it is probed until it does. */
export function reached(did: boolean): void {
  if (isDown === !did) return;
  isDown = !did;
  clearTimeout(probe);
  if (isDown) ask();
  tell();
}

function ask(): void {
  probe = setTimeout(async () => {
    const isUp = await fetch('/healthz', { cache: 'no-store' }).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isUp) reached(true);
    else ask();
  }, PROBE_MS);
}
