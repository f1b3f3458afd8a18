/** A level takes about this long at speed 1. */
export const STEP_MS = 20_000;
const TICK_MS = 25;

/** The parcels' own time: runs `speed()` times as fast as real time and calls `due` for each key whose time has come. */
export interface ParcelClock {
  /** Calls `due(key)` once after this many steps; each key is scheduled at most once. */
  schedule: (key: string, steps: number) => void;
  clear: () => void;
  stop: () => void;
}

interface Entry {
  at: number;
  key: string;
}

export function startClock(speed: () => number, due: (key: string) => void): ParcelClock {
  const heap: Entry[] = [];
  const waiting = new Set<string>();
  let virtual = 0;
  let last = performance.now();

  const ticker = setInterval(() => {
    const now = performance.now();
    virtual += (now - last) * speed();
    last = now;
    for (let first = heap[0]; first !== undefined && first.at <= virtual; first = heap[0]) {
      removeFirst(heap);
      waiting.delete(first.key);
      due(first.key);
    }
  }, TICK_MS);

  return {
    schedule: (key, steps) => {
      if (waiting.has(key)) return;
      waiting.add(key);
      insert(heap, { at: virtual + steps * STEP_MS, key });
    },
    clear: () => {
      heap.length = 0;
      waiting.clear();
    },
    stop: () => clearInterval(ticker),
  };
}

/** A binary heap in an array: the earliest entry is first. */
function insert(heap: Entry[], entry: Entry): void {
  let index = heap.push(entry) - 1;
  while (index > 0) {
    const up = (index - 1) >> 1;
    const parent = heap[up];
    if (parent === undefined || parent.at <= entry.at) break;
    heap[index] = parent;
    index = up;
  }
  heap[index] = entry;
}

function removeFirst(heap: Entry[]): void {
  const entry = heap.pop();
  if (entry === undefined || heap.length === 0) return;
  let index = 0;
  for (;;) {
    let down = 2 * index + 1;
    let child = heap[down];
    const other = heap[down + 1];
    if (child !== undefined && other !== undefined && other.at < child.at) {
      down += 1;
      child = other;
    }
    if (child === undefined || entry.at <= child.at) break;
    heap[index] = child;
    index = down;
  }
  heap[index] = entry;
}
