import TestSequencer from '@jest/test-sequencer';

const waiting = ['/test/faults/', '/test/chaos/', '/test/cluster/'];
const waits = ({ path }) => waiting.some((folder) => path.includes(folder));
/** So many of the others between two of them. */
const BETWEEN = 3;

/**
 * Jest's own order (what failed last, then the longest), with the fault tests spread over its first part: they mostly wait for servers
 * that are away, one of them for two minutes, and the others use that time.
 */
export default class FaultsBetween extends TestSequencer {
  sort(tests) {
    const sorted = super.sort(tests);
    const others = sorted.filter((test) => !waits(test));
    return [...sorted.filter(waits).flatMap((test) => [test, ...others.splice(0, BETWEEN)]), ...others];
  }
}
