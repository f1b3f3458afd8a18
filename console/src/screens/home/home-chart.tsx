import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { api, get } from '../../api/api.ts';
import { weekday } from '../../ui/figures.ts';
import { named, t } from '../../ui/texts.ts';

const DAYS = 7;
const EVERY_MS = 60_000;
const moves = [
  ['shipped', 'shippedAt'],
  ['delivered', 'deliveredAt'],
] as const;

/** Shipped and delivered lines today and on the days before; each bar opens its day. */
export function HomeChart() {
  const { data } = useQuery({
    queryKey: ['/api/bo/v1/summary', DAYS],
    queryFn: () => get(api.GET('/api/bo/v1/summary', { params: { query: { days: DAYS } } })),
    refetchInterval: EVERY_MS,
    staleTime: EVERY_MS / 2,
  });
  const days = data?.days ?? [];
  const most = Math.max(1, ...days.flatMap(({ shipped, delivered }) => [shipped, delivered]));
  return (
    <section aria-labelledby="today" className="board">
      <h2 id="today">
        {t('movedDays', { n: DAYS })}{' '}
        <span className="legend">
          {moves.map(([move]) => (
            <span key={move}>
              <i className={move} /> {named('state', move)}
            </span>
          ))}
        </span>
      </h2>
      <ol className="chart">
        {days.map((day, at) => (
          <li key={day.date} className={at === days.length - 1 ? 'today' : ''}>
            <div className="pair">
              {moves.map(([move, dateField]) => (
                <Link
                  key={move}
                  to={`/deliveries?dateField=${dateField}&from=${day.date}&to=${day.date}`}
                  aria-label={`${day.date} ${named('state', move)} ${day[move].toLocaleString()}`}
                >
                  <b>{day[move].toLocaleString()}</b>
                  <i className={move} style={{ height: `${(day[move] / most) * 100}%` }} />
                </Link>
              ))}
            </div>
            <span>{at === days.length - 1 ? t('today') : `${day.date.slice(5)} ${weekday(day.date)}`}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}
