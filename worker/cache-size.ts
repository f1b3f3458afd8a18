/** What one cached workflow is counted with; 5,000 new lines took 76 KB each, lines with a long history take more. */
const BYTES_EACH = 280_000;
const MOST = 20_000;
const LEAST = 10;
/** The rest is for the process itself and for what is dropped between two collections. */
const SHARE_OF_HEAP = 0.6;
const SHARE_OF_MEMORY = 0.25;

export interface CacheSizeFacts {
  /** WORKFLOW_CACHE, if it is set. */
  asked: number | undefined;
  /** WORKER_SLOTS. */
  slots: number;
  /** Bytes of the machine, or of the container. */
  memory: number;
  /** `heap_size_limit` of V8: at about 4.5 GB it ends the process, however much memory the machine has. */
  heap: number;
}

/** How many workflows fit into V8's heap. */
export const fitting = (heap: number) => Math.max(LEAST, Math.floor((heap * SHARE_OF_HEAP) / BYTES_EACH));

/**
 * How many workflows a worker keeps ready: as many as the operator asked for, else as fit into a quarter of the memory and into the
 * heap. Never fewer than the task slots, because a smaller cache evicts workflows that are busy; unless those do not fit either.
 */
export function workflowCacheSize({ asked, slots, memory, heap }: CacheSizeFacts): number {
  if (asked !== undefined) return Math.max(slots, asked);
  const inMemory = Math.min(MOST, Math.floor((memory * SHARE_OF_MEMORY) / BYTES_EACH));
  return Math.min(Math.max(slots, inMemory), fitting(heap));
}
