import { Context } from '@temporalio/activity';
import { deleteAccesses } from '../db/operations/accesses.ts';
import { addToRun } from '../db/operations/batch-runs.ts';
import { erasePeople } from '../db/orders/erase.ts';
import { endUnanswered } from '../db/requests/end.ts';
import type { Query } from '../db/statement.ts';
import { dropBodies } from '../db/tracking/bodies.ts';
import { Problem, problemBody } from '../domain/problems.ts';
import type { BatchRun, PageDone } from '../workflows/messages/batches.ts';
import type { ActivityDeps } from './deps.ts';

const ROWS = 1_000;
const ORDERS = 100;

const unanswered = new Problem('INTERNAL', '오래도록 처리되지 않아 끝냈습니다. 담당자가 확인해야 합니다');

interface Page {
  erased: number;
  /** Looked at, and to be looked at again another night. */
  kept: number;
  more: boolean;
}

const pageOf = (erased: number, most: number): Page => ({ erased, kept: 0, more: erased === most });

/**
 * One page of callbacks' bodies, one of requests that nobody has answered, one of orders' people and one of access records, as far as
 * they have a term. Each is one transaction with its counts in the run's row, so that a crash loses or repeats neither. A page that did
 * not succeed (it may have taken too long) is tried again at half its size.
 */
export function createErasePage({ db, log, terms, onErased }: Pick<ActivityDeps, 'db' | 'log' | 'terms' | 'onErased'>) {
  return async function erasePage(run: BatchRun): Promise<PageDone> {
    const halvings = Context.current().info.attempt - 1;
    const sized = (most: number) => Math.max(1, Math.floor(most / 2 ** halvings));
    const [rows, orders] = [sized(ROWS), sized(ORDERS)];

    const endRequests = async (query: Query, days: number): Promise<Page> => {
      const ended = await endUnanswered(query, days, rows, problemBody(unanswered));
      if (ended.length > 0) log.error({ requests: ended }, 'requests that nobody could execute are answered as failed');
      return pageOf(ended.length, rows);
    };
    const erase = async (kind: Parameters<typeof onErased>[0], work: (query: Query) => Promise<Page>) => {
      const page = await db.transaction(async (query) => {
        const { erased, kept, more } = await work(query);
        const counts = { examined: erased + kept, succeeded: erased, failed: 0, skipped: kept };
        return { erased, more, counts: await addToRun(query, run, counts) };
      });
      onErased(kind, page.erased);
      return page;
    };

    const { trackingBodyDays, personalDataDays, accessRecordDays } = terms;
    let { counts, more } = await erase('callback', async (query) =>
      pageOf(await dropBodies(query, trackingBodyDays, rows), rows),
    );
    const add = (page: PageDone) => {
      counts = page.counts;
      more ||= page.more;
    };
    add(await erase('request', (query) => endRequests(query, trackingBodyDays)));
    if (personalDataDays !== null) add(await erase('order', (query) => erasePeople(query, personalDataDays, orders)));
    if (accessRecordDays !== null)
      add(await erase('access', async (query) => pageOf(await deleteAccesses(query, accessRecordDays, rows), rows)));
    return { counts, more };
  };
}
