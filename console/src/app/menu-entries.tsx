import { NavLink, useLocation } from 'react-router';
import { type Summary, shownWaiting, useSummary, type Waiting, waitingIn } from '../list/waiting.ts';
import { type TextKey, t } from '../ui/texts.ts';
import type { screens } from './screens.tsx';

interface Queue {
  to: string;
  name: TextKey;
  of: 'deliveries' | 'pickups';
  state: string;
}
const queue = (to: string, name: TextKey, of: Queue['of'], state: string): Queue => ({ to, name, of, state });
/** What people have to do, under the screen where they do it. */
const queues: Record<string, readonly Queue[]> = {
  '/lines': [
    queue('/lines/instruct', 'queue.instruct', 'deliveries', 'ordered'),
    queue('/lines/release', 'queue.release', 'deliveries', 'instructed'),
    queue('/lines/ship', 'queue.ship', 'deliveries', 'released'),
    queue('/lines/clear', 'queue.clear', 'deliveries', 'awaitingShipment'),
  ],
  '/pickups': [
    queue('/pickups/instruct', 'pqueue.instruct', 'pickups', 'requested'),
    queue('/pickups/confirm', 'pqueue.confirm', 'pickups', 'instructed'),
    queue('/pickups/complete', 'pqueue.complete', 'pickups', 'confirmed'),
  ],
};

/** All that waits in a screen. */
function sumOf(path: string, summary: Summary | undefined): Waiting | undefined {
  if (!summary) return undefined;
  if (path === '/exceptions') return { count: summary.openExceptions, isMinimum: false };
  const waiting = queues[path]?.map(({ of, state }) => waitingIn(summary, of, state)).filter((each) => each !== undefined);
  return (
    waiting && {
      count: waiting.reduce((sum, { count }) => sum + count, 0),
      isMinimum: waiting.some(({ isMinimum }) => isMinimum),
    }
  );
}

function Badge({ waiting }: { waiting: Waiting | undefined }) {
  return waiting && <b className={waiting.count === 0 ? 'waiting none' : 'waiting'}>{shownWaiting(waiting)}</b>;
}

/** The screens, and below them what waits there. */
export function MenuEntries({ open }: { open: typeof screens }) {
  const { pathname } = useLocation();
  // Home reads the same for itself.
  const summary = useSummary({ isKeptFresh: pathname !== '/' });
  return open.map(({ path, title }) => (
    <div key={path} className="menu-entry">
      <NavLink to={path} end={path === '/'}>
        <span className="menu-name">{t(title)}</span> <Badge waiting={sumOf(path, summary)} />
      </NavLink>
      {summary &&
        queues[path]?.map(({ to, name, of, state }) => (
          <NavLink key={to} className="menu-queue" to={to}>
            <span>{t(name)}</span> <Badge waiting={waitingIn(summary, of, state)} />
          </NavLink>
        ))}
    </div>
  ));
}
