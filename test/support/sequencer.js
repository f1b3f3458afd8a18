import TestSequencer from '@jest/test-sequencer';

const isFault = ({ path }) => path.includes('/test/faults/');

/** Jest's own order (what failed last, then the longest), with the fault tests first: one of them lasts two minutes. */
export default class FaultsFirst extends TestSequencer {
  sort(tests) {
    const sorted = super.sort(tests);
    return [...sorted.filter(isFault), ...sorted.filter((test) => !isFault(test))];
  }
}
