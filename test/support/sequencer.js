import TestSequencer from '@jest/test-sequencer';

const early = ['/test/faults/', '/test/chaos/', '/test/cluster/'];
const isEarly = ({ path }) => early.some((folder) => path.includes(folder));

/** Jest's own order (what failed last, then the longest), with the fault tests first: one of them lasts two minutes. */
export default class FaultsFirst extends TestSequencer {
  sort(tests) {
    const sorted = super.sort(tests);
    return [...sorted.filter(isEarly), ...sorted.filter((test) => !isEarly(test))];
  }
}
