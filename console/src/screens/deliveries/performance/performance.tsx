import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link, useSearchParams } from 'react-router';
import { api, get } from '../../../api/api.ts';
import { DAY_MS, seoulDay } from '../../../filters/days.ts';
import { usePlaceFilter, usePlaceNames } from '../../../filters/places.ts';
import { useSeoulDay } from '../../../filters/today.ts';
import { Filters } from '../../../list/filters.tsx';
import { Trouble } from '../../../list/parts.tsx';
import { Table } from '../../../list/table.tsx';
import { t } from '../../../ui/texts.ts';
import { type Day, shownRate, sumOf } from './figures.ts';
import { Places } from './places.tsx';
import { Plot } from './plot.tsx';

const PATH = '/api/bo/v1/dispatch-performance';
/** Days that are shown when none are asked for, and the most that the API tells. */
const USUAL_DAYS = 14;
const MOST_DAYS = 92;
/** What is due in the next days belongs to it too. */
const DAYS_AHEAD = 3;

const dayFrom = (day: string, by: number) => seoulDay(Date.parse(`${day}T00:00:00+09:00`) + by * DAY_MS);

/** 발송 성과: of the lines that had to leave on each day, how many did; per day with a plot, and per place. */
export function Performance() {
  const [search] = useSearchParams();
  const today = useSeoulDay();
  const names = usePlaceNames();
  const to = search.get('to') || dayFrom(today, DAYS_AHEAD);
  const from = search.get('from') || dayFrom(to, 1 - USUAL_DAYS);
  const placeNo = Number(search.get('placeNo')) || undefined;
  const { data, error, refetch } = useQuery({
    queryKey: [PATH, from, to, placeNo ?? null],
    queryFn: () => get(api.GET(PATH, { params: { query: { from, to, ...(placeNo === undefined ? {} : { placeNo }) } } })),
    staleTime: 30_000,
    placeholderData: keepPreviousData,
    retry: false,
  });
  const days = data?.items ?? [];
  const all = sumOf(days);
  const ofPlace = (no: number) => `/performance?${new URLSearchParams({ from, to, placeNo: String(no) })}`;
  return (
    <>
      <Filters
        filters={[
          { name: 'from', label: 'from', kind: 'date', width: 116 },
          { name: 'to', label: 'to', kind: 'date', width: 116 },
          usePlaceFilter(search),
        ]}
      />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling area must be reachable by keyboard */}
      <div className="page" tabIndex={0}>
        {error && <Trouble error={error} again={() => void refetch()} />}
        <section className="board" aria-label={t('performanceOf')}>
          <h2>
            {t('performanceOf')}{' '}
            <span className="muted">
              {from} ~ {to}
            </span>
          </h2>
          <dl className="figures">
            <div>
              <dt>{t('onTimeRate')}</dt>
              <dd data-figure="rate">{shownRate(data?.onTimeRate ?? null)}</dd>
            </div>
            {(['due', 'onTime', 'late', 'open'] as const).map((part) => (
              <div key={part} className={part === 'late' && all.late > 0 ? 'red' : ''}>
                <dt>{t(figureTexts[part])}</dt>
                <dd data-figure={part}>{all[part].toLocaleString()}</dd>
              </div>
            ))}
          </dl>
          {all.due > 0 && <Plot days={days} />}
          <p className="muted">
            {t('performanceNote')} {t('mostDays', { n: MOST_DAYS })}
          </p>
        </section>
        <Places places={data?.places} names={names} to={ofPlace} />
        <ByDay days={data && days} placeNo={placeNo} />
      </div>
    </>
  );
}

const figureTexts = { due: 'dueCount', onTime: 'onTime', late: 'lateCount', open: 'stillOpen' } as const;

/** The plot's figures; each day opens the lines that had to leave on it. */
function ByDay({ days, placeNo }: { days: readonly Day[] | undefined; placeNo: number | undefined }) {
  const listOf = (date: string) =>
    `/lines/all?${new URLSearchParams({
      dueFrom: date,
      dueTo: date,
      ...(placeNo === undefined ? {} : { placeNo: String(placeNo) }),
      sort: 'dispatchDueOn',
    })}`;
  return (
    <section className="board">
      <h2>{t('byDay')}</h2>
      <Table
        label={t('byDay')}
        heads={['date', 'dueCount', 'onTime', 'lateCount', 'stillOpen']}
        right={['dueCount', 'onTime', 'lateCount', 'stillOpen']}
        rows={days?.toReversed()}
        empty={t('noPerformance')}
        row={({ date, due, onTime, late, open }) => (
          <tr key={date} data-date={date}>
            <td>{date}</td>
            <td className="right">{due === 0 ? 0 : <Link to={listOf(date)}>{due.toLocaleString()}</Link>}</td>
            <td className="right">{onTime.toLocaleString()}</td>
            <td className="right">{late > 0 ? <b className="red">{late.toLocaleString()}</b> : 0}</td>
            <td className="right">{open.toLocaleString()}</td>
          </tr>
        )}
      />
    </section>
  );
}
