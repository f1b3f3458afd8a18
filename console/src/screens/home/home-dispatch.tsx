import type { Schemas } from '../../api/api.ts';
import { t } from '../../ui/texts.ts';
import { CutOffs } from './home-cut-offs.tsx';
import { dueList } from './home-lists-of.ts';
import { Tile } from './home-tile.tsx';

type Dispatch = Schemas['Summary']['dispatch'];

/** What must leave today, what is late, and where a promise was missed too; below it how long each place still takes orders for today. */
export function HomeDispatch({ dispatch }: { dispatch: Dispatch }) {
  const { late, today, tomorrow, noticeMissed } = dispatch;
  const more = (count: number) => dispatch.countIsMinimum && count > 0;
  return (
    <section aria-labelledby="to-leave" className="board">
      <h2 id="to-leave">{t('dispatchBoard')}</h2>
      <div className="tiles">
        <Tile to={dueList('late')} name={t('lateToLeave')} next={t('next.dueLate')} count={late} more={more(late)} alarm />
        <Tile to={dueList('today')} name={t('toLeaveToday')} next={t('next.dueToday')} count={today} more={more(today)} />
        <Tile
          to={dueList('tomorrow')}
          name={t('toLeaveTomorrow')}
          next={t('next.dueTomorrow')}
          count={tomorrow}
          more={more(tomorrow)}
        />
        <Tile
          to={dueList('notice-missed')}
          name={t('promiseMissed')}
          next={t('next.promiseMissed')}
          count={noticeMissed}
          more={more(noticeMissed)}
          alarm
        />
      </div>
      <CutOffs places={dispatch.places} />
    </section>
  );
}
