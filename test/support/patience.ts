/**
 * After so long a test gives up waiting for something that should have happened. It proves nothing by itself: it only has to be
 * longer than a slow and busy machine takes. What must come in time is compared with something measured in the same test.
 */
export const PATIENCE_MS = 60_000;
