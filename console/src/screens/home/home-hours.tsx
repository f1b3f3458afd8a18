import { Link } from 'react-router';
import type { Schemas } from '../../api/api.ts';
import { named, t } from '../../ui/texts.ts';

type Day = Schemas['SummaryHours']['days'][number];
type Hour = Day['hours'][number];

/** The day's way: ordered, instructed, shipped, delivered; each by its own date. */
const steps = [
  ['ordered', 'orderedAt'],
  ['instructed', 'instructedAt'],
  ['shipped', 'shippedAt'],
  ['delivered', 'deliveredAt'],
] as const;
type Step = (typeof steps)[number][0];

const HEIGHT = 48;
const HOURS = 24;
const sum = (hours: Hour[], step: Step) => hours.reduce((total, hour) => total + hour[step], 0);

/** Today by the hour against yesterday: each number opens the lines it counts; the hours themselves are a table. */
export function HomeHours({ days, hour }: { days: Day[]; hour: number }) {
  const [today, yesterday] = days;
  if (!today || !yesterday) return null;
  const sofar = yesterday.hours.filter((each) => each.hour <= hour);
  return (
    <section aria-labelledby="flow" className="board">
      <h2 id="flow">
        {t('flow')}
        <span className="legend">
          <i className="is-today" /> {t('today')} <i className="is-yesterday" /> {t('yesterday')}
        </span>
      </h2>
      <ol className="flow">
        {steps.map(([step, dateField]) => {
          const listOf = ({ date }: Day) => `/lines/all?dateField=${dateField}&from=${date}&to=${date}&sort=-${dateField}`;
          return (
            <li key={step}>
              <div className="flow-head">
                <Link to={listOf(today)}>
                  <span>{named('flow', step)}</span> <b>{sum(today.hours, step).toLocaleString()}</b>
                </Link>
                <span className="muted small">
                  {t('sameTime', { n: sum(sofar, step) })} ·{' '}
                  <Link to={listOf(yesterday)}>
                    <span className="unseen">{named('flow', step)} </span>
                    {t('wholeDay', { n: sum(yesterday.hours, step) })}
                  </Link>
                </span>
              </div>
              <Bars today={today.hours} yesterday={yesterday.hours} step={step} hour={hour} />
            </li>
          );
        })}
      </ol>
      <details>
        <summary>{t('asTable')}</summary>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling area must be reachable by keyboard */}
        <div className="scrolls" tabIndex={0}>
          <HourTable today={today.hours} yesterday={yesterday.hours} />
        </div>
      </details>
    </section>
  );
}

/** Bars of today, and yesterday as a line of steps behind them. */
function Bars({ today, yesterday, step, hour }: { today: Hour[]; yesterday: Hour[]; step: Step; hour: number }) {
  const most = Math.max(1, ...[...today, ...yesterday].map((each) => each[step]));
  const high = (value: number) => (value / most) * (HEIGHT - 2);
  const path = yesterday.map((each) => `V${HEIGHT - high(each[step])}h1`).join('');
  return (
    <svg className="bars" viewBox={`0 0 ${HOURS} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
      <path className="is-yesterday" d={`M0 ${HEIGHT}${path}V${HEIGHT}Z`} />
      {today
        .filter((each) => each.hour <= hour)
        .map((each) => (
          <rect
            key={each.hour}
            className="is-today"
            x={each.hour + 0.2}
            width={0.6}
            y={HEIGHT - high(each[step])}
            height={high(each[step])}
          />
        ))}
    </svg>
  );
}

function HourTable({ today, yesterday }: { today: Hour[]; yesterday: Hour[] }) {
  return (
    <table className="plain" aria-label={t('flow')}>
      <thead>
        <tr>
          <th scope="col">{t('hour')}</th>
          {steps.map(([step]) => (
            <th key={step} scope="col" className="right">
              {named('flow', step)} <small>({t('todayAndYesterday')})</small>
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {today.map((now, at) => (
          <tr key={now.hour}>
            <th scope="row">{t('hourOf', { n: now.hour })}</th>
            {steps.map(([step]) => (
              <td key={step} className="right">
                {now[step].toLocaleString()} <span className="muted">/ {(yesterday[at]?.[step] ?? 0).toLocaleString()}</span>
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
