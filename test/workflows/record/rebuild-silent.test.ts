import { expect, test } from '@jest/globals';
import type { Client } from '@temporalio/client';
import type { Db } from '../../../db/database.ts';
import { type Rebuildable, rebuildRows } from '../../../worker/rebuild/rows.ts';

interface Row {
  state: string;
  revision: number;
  finishedAt: string | null;
}
const row: Row = { state: 'ordered', revision: 1, finishedAt: null };
const SILENT = Number.POSITIVE_INFINITY;

/** Rebuilds rows whose workflows are asked so many times before they answer. */
async function rebuilt(before: Record<string, number>) {
  const asked = new Map<string, number>();
  const query = async (name: string): Promise<Row> => {
    const times = (asked.get(name) ?? 0) + 1;
    asked.set(name, times);
    if (times <= (before[name] ?? 0)) throw new Error('deadline exceeded');
    return row;
  };
  const client = {
    withDeadline: (_at: number, work: () => unknown) => work(),
    workflow: {
      getHandle: (name: string) => ({ describe: async () => ({ status: { name: 'RUNNING' } }), query: () => query(name) }),
    },
  } as unknown as Client;
  const names = Object.keys(before);
  const kind: Rebuildable<string, Row> = {
    page: async (_query, { after }) => (after === undefined ? names : []),
    name: (key) => key,
    workflowId: (key) => key,
    shown: async () => ({ row, started: true }),
    recorded: async () => row,
    write: async () => {},
    restart: async () => {},
  };
  const printed: string[] = [];
  const counts = await rebuildRows({ db: {} as Db, client, dryRun: false, print: (text) => printed.push(text) }, kind);
  return { counts, printed };
}

test('a workflow that has not begun yet is asked again until it answers; a person is called only for those that never do', async () => {
  const { counts, printed } = await rebuilt({ quick: 0, slow: 3, slower: 5, dead: SILENT });
  expect(counts).toEqual({ examined: 4, repaired: 0, unrepaired: 1 });
  expect(printed.at(-1)).toBe('dead: its workflow does not answer');
});

test('when nobody answers it comes to an end', async () => {
  const { counts } = await rebuilt({ one: SILENT, two: SILENT });
  expect(counts).toEqual({ examined: 2, repaired: 0, unrepaired: 2 });
});
