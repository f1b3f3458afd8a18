import { globals } from './runtime.js';

/** What a test file gets for `@jest/globals` (runtime.js). */
export const { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } = globals;
