import type pg from 'pg';

type Send = (...given: unknown[]) => unknown;
type Done = (...outcome: unknown[]) => void;

/**
 * Gives a connection up that owes an answer and has said nothing for `ms`: its statements fail, and the pool opens another. One timer
 * for each connection, which is only set back: pg's own `query_timeout` has one for each statement, and holds the rows of statements
 * long answered until the next full garbage collection (docs/benchmarks.md).
 */
export function limitQueries(pool: pg.Pool, ms: number): void {
  pool.on('connect', (client) => {
    let owed = 0;
    const timer = setTimeout(() => {
      // With a statement under way, `end` closes the socket at once.
      if (owed > 0) void client.end().catch(() => {});
    }, ms).unref();
    const begin = () => {
      if (owed++ === 0) timer.refresh();
    };
    const end = () => {
      owed--;
      timer.refresh();
    };
    const send = client.query.bind(client) as Send;
    const watched: Send = (...given) => {
      const done = given.at(-1);
      begin();
      if (typeof done === 'function') {
        const told: Done = (...outcome) => {
          end();
          (done as Done)(...outcome);
        };
        return send(...given.slice(0, -1), told);
      }
      const answer = send(...given);
      if (answer instanceof Promise) return answer.finally(end);
      // A cursor of its own, which says by itself when it is read.
      end();
      return answer;
    };
    client.query = watched as typeof client.query;
    client.once('end', () => clearTimeout(timer));
  });
}
