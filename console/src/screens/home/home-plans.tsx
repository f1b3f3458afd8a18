import { useQuery } from '@tanstack/react-query';
import { api, get } from '../../api/api.ts';
import { useMay } from '../../list/parts.tsx';
import { t } from '../../ui/texts.ts';
import { type Late, Tile } from './home-tile.tsx';

const PLANS = '/v2/assembly/plans';
const EVERY_MS = 60_000;

/** The list of plans in this state whose day has passed. */
export const latePlans = (status: '1' | '2') => `/assembly/plans?plan_status=${status}&is_overdue=true`;

const count = async (query: { plan_status: '1' | '2'; is_overdue?: 'true' }) =>
  (await get(api.GET(PLANS, { params: { query } }))).response.total_count;

/** How many 가공계획 are to be made, and how many of them are late. */
export function usePlanCounts() {
  return useQuery({
    queryKey: [PLANS, 'counts'],
    queryFn: async () => {
      const [planned, running, lateToStart, lateToComplete] = await Promise.all([
        count({ plan_status: '1' }),
        count({ plan_status: '2' }),
        count({ plan_status: '1', is_overdue: 'true' }),
        count({ plan_status: '2', is_overdue: 'true' }),
      ]);
      return { planned, running, lateToStart, lateToComplete };
    },
    refetchInterval: EVERY_MS,
    staleTime: EVERY_MS / 2,
    enabled: useMay()('assembly.read'),
  });
}

const late = (status: '1' | '2', count: number): Late => ({
  to: latePlans(status),
  count,
  since: null,
  alarm: true,
  words: 'pastDue',
});

/** 가공계획 to be started and in progress. */
export function PlanTiles() {
  const { data } = usePlanCounts();
  if (!data) return null;
  return (
    <section aria-labelledby="plans" className="board">
      <h2 id="plans">{t('plans')}</h2>
      <div className="tiles">
        <Tile
          to="/assembly/plans?plan_status=1"
          name={t('plan.1')}
          next={t('next.planned')}
          count={data.planned}
          late={late('1', data.lateToStart)}
        />
        <Tile
          to="/assembly/plans?plan_status=2"
          name={t('plan.2')}
          next={t('next.plans')}
          count={data.running}
          late={late('2', data.lateToComplete)}
        />
      </div>
    </section>
  );
}
