import { useQueries } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { Link } from 'react-router';
import { api, get, type Schemas } from '../../api/api.ts';
import { serverNow } from '../../api/clock.ts';
import { seoulDay } from '../../filters/days.ts';
import { usePlaceNames } from '../../filters/places.ts';
import { useMay } from '../../list/parts.tsx';
import { hoursAndMinutes } from '../../ui/figures.ts';
import { t } from '../../ui/texts.ts';
import { minutesLeft } from './cut-off.ts';
import { dueList } from './home-lists-of.ts';

type Place = Schemas['Summary']['dispatch']['places'][number];
const TICK_MS = 10_000;
const CALENDAR_MS = 600_000;
/** Below this somebody should hurry. */
const SOON_MINUTES = 60;

/** The server's time, moving on while the page is looked at. */
function useNow(): number {
  const [now, setNow] = useState(serverNow);
  useEffect(() => {
    const timer = setInterval(() => setNow(serverNow()), TICK_MS);
    return () => clearInterval(timer);
  }, []);
  return now;
}

/** Whether each place is open on this day; unknown to whoever may not read the calendar. */
function useOpenOn(day: string, placeNos: number[]): (boolean | undefined)[] {
  const may = useMay();
  return useQueries({
    queries: placeNos.map((placeNo) => ({
      queryKey: ['/api/bo/v1/calendar', placeNo, day],
      queryFn: () => get(api.GET('/api/bo/v1/calendar', { params: { query: { from: day, to: day, placeNo } } })),
      staleTime: CALENDAR_MS,
      enabled: may('policy.read'),
    })),
    combine: (results) => results.map(({ data }) => data?.items[0]?.open),
  });
}

/** For each place that sends the same day: until when what is paid must leave today, and what waits there. */
export function CutOffs({ places }: { places: readonly Place[] }) {
  const names = usePlaceNames();
  const now = useNow();
  const sameDay = places.flatMap((place) => (place.closeTime === null ? [] : [{ ...place, closeTime: place.closeTime }]));
  const open = useOpenOn(
    seoulDay(now),
    sameDay.map(({ placeNo }) => placeNo),
  );
  if (sameDay.length === 0) return null;
  return (
    <ul className="cut-offs" aria-label={t('cutOffs')}>
      {sameDay.map(({ placeNo, closeTime, late, today }, at) => {
        const left = minutesLeft(closeTime, now);
        const isOpen = open[at] !== false;
        const isSoon = isOpen && left > 0 && left <= SOON_MINUTES;
        return (
          <li key={placeNo} data-place={placeNo}>
            <b>{names.get(placeNo) ?? placeNo}</b>
            <span className={isSoon ? 'cut-off soon' : 'cut-off'}>{said(closeTime, left, isOpen)}</span>
            <Link to={dueList('today', { placeNo: String(placeNo) })}>{t('leavesToday', { n: today })}</Link>
            {late > 0 && (
              <Link className="red" to={dueList('late', { placeNo: String(placeNo) })}>
                {t('leavesLate', { n: late })}
              </Link>
            )}
          </li>
        );
      })}
    </ul>
  );
}

function said(closeTime: string, left: number, isOpen: boolean): string {
  if (!isOpen) return t('cutOffClosed');
  return left === 0 ? t('cutOffPast', { time: closeTime }) : t('cutOffIn', { time: closeTime, left: hoursAndMinutes(left) });
}
