import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import { api, get } from '../../../api/api.ts';
import { usePlaceNames } from '../../../filters/places.ts';
import { useSeoulDay } from '../../../filters/today.ts';
import { Trouble, useMay } from '../../../list/parts.tsx';
import { Table } from '../../../list/table.tsx';
import { named, t } from '../../../ui/texts.ts';
import { CALENDAR, DayForm } from './day-form.tsx';
import { firstDay, lastDay, monthLater, monthOf, weekdayOf } from './month.ts';
import { type CalendarDay, MonthTable, whyText } from './month-table.tsx';
import { Recalculation } from './recalculation.tsx';
import { WeekForm } from './week-form.tsx';

const read = (month: string, placeNo: number | undefined) =>
  get(
    api.GET(CALENDAR, {
      params: {
        query: {
          from: firstDay(month),
          to: lastDay(month),
          ...(placeNo === undefined ? {} : { placeNo }),
        },
      },
    }),
  );

/** 영업일: the days on which parcels leave, of all places or of one, and what makes them so. */
export function Calendar() {
  const may = useMay();
  const today = useSeoulDay();
  const [search, setSearch] = useSearchParams();
  const [picked, pick] = useState<CalendarDay | null>(null);
  const [asksWeek, askWeek] = useState(false);
  const names = usePlaceNames();
  const month = monthOf(search.get('month'), today);
  const placeNo = Number(search.get('place')) || undefined;
  const { data, error, refetch } = useQuery({
    queryKey: [CALENDAR, placeNo ?? null, month],
    queryFn: () => read(month, placeNo),
    placeholderData: keepPreviousData,
  });
  const go = (values: Record<string, string>) =>
    setSearch(
      (before) => {
        const next = new URLSearchParams(before);
        for (const [name, value] of Object.entries(values))
          if (value === '') next.delete(name);
          else next.set(name, value);
        return next;
      },
      { replace: true },
    );
  if (error && !data) return <Trouble error={error} again={() => void refetch()} />;
  const items = data?.items ?? [];
  // While another month is read, that of before is still there.
  const ofMonth = items.filter(({ date }) => date.startsWith(month));
  const nameOf = (no: number | null) => (no === null ? t('allPlaces') : (names.get(no) ?? String(no)));
  const placeName = nameOf(placeNo ?? null);
  return (
    <div className="page calendar">
      <section className="board" aria-label={t('calendar')}>
        <div className="calendar-head">
          <button type="button" aria-label={t('monthBefore')} onClick={() => go({ month: monthLater(month, -1) })}>
            ‹
          </button>
          <h2>{month}</h2>
          <button type="button" aria-label={t('monthAfter')} onClick={() => go({ month: monthLater(month, 1) })}>
            ›
          </button>
          <button type="button" onClick={() => go({ month: '' })}>
            {t('thisMonth')}
          </button>
          <label>
            <span className="unseen">{t('placeNo')}</span>
            <select name="place" value={placeNo ?? ''} onChange={({ target }) => go({ place: target.value })}>
              <option value="">{t('allPlaces')}</option>
              {[...names].map(([no, name]) => (
                <option key={no} value={no}>
                  {name}
                </option>
              ))}
            </select>
          </label>
          {may('policy.write') && (
            <button type="button" disabled={!data} onClick={() => askWeek(true)}>
              {t('editWeek')}
            </button>
          )}
        </div>
        <MonthTable
          month={month}
          today={today}
          days={new Map(ofMonth.map((day) => [day.date, day]))}
          onPick={may('policy.write') ? pick : undefined}
        />
      </section>
      <section className="board" aria-label={t('recalculate')}>
        <h2>{t('recalculate')}</h2>
        <p className="muted">{t('recalculateAsk')}</p>
        <Recalculation placeNo={placeNo} nameOf={nameOf} />
      </section>
      <section className="board">
        <h2>{t('ownDays')}</h2>
        <Table
          label={t('ownDays')}
          heads={['date', 'state', 'why']}
          rows={data && ofMonth.filter(({ why }) => why !== 'weekday')}
          empty={t('noOwnDays')}
          row={(day) => (
            <tr key={day.date}>
              <td>
                {day.date} ({named('weekday', weekdayOf(day.date))})
              </td>
              <td>{t(day.open ? 'open' : 'closed')}</td>
              <td>{whyText(day)}</td>
            </tr>
          )}
        />
      </section>
      {picked && (
        <DayForm day={picked} placeNo={placeNo} placeName={placeName} isOwn={picked.why === 'own'} onClose={() => pick(null)} />
      )}
      {asksWeek && (
        <WeekForm
          openWeekdays={data?.openWeekdays ?? []}
          placeNo={placeNo}
          placeName={placeName}
          onClose={() => askWeek(false)}
        />
      )}
    </div>
  );
}
