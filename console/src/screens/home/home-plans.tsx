import { useQuery } from '@tanstack/react-query';
import { api, get } from '../../api/api.ts';
import { t } from '../../ui/texts.ts';
import { Tile } from './home-tile.tsx';

const PLANS = '/v2/assembly/plans';
const EVERY_MS = 60_000;

/** 가공계획 in progress, and late ones. */
export function PlanTiles() {
  const count = async (query: { plan_status: '1' | '2'; is_overdue?: 'true' }) =>
    (await get(api.GET(PLANS, { params: { query } }))).response.total_count;
  const { data } = useQuery({
    queryKey: [PLANS, 'counts'],
    queryFn: async () => {
      const [running, ...late] = await Promise.all([
        count({ plan_status: '2' }),
        count({ plan_status: '1', is_overdue: 'true' }),
        count({ plan_status: '2', is_overdue: 'true' }),
      ]);
      return { running, overdue: late[0] + late[1] };
    },
    refetchInterval: EVERY_MS,
    staleTime: EVERY_MS / 2,
  });
  if (!data) return null;
  return (
    <section aria-labelledby="plans" className="board">
      <h2 id="plans">{t('plans')}</h2>
      <div className="tiles">
        <Tile to="/assembly/plans?plan_status=2" name={t('plansRunning')} next={t('next.plans')} count={data.running} />
        <Tile to="/assembly/plans?is_overdue=true" name={t('plansOverdue')} next={t('next.overdue')} count={data.overdue} alarm />
      </div>
    </section>
  );
}
