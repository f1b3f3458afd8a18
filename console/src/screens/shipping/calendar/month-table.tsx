import type { Schemas } from '../../../api/api.ts';
import { named, t } from '../../../ui/texts.ts';
import { columns, weeksOf } from './month.ts';

export type CalendarDay = Schemas['CalendarDay'];

/** Why a day is open or not, in words. */
export const whyText = ({ why, name }: CalendarDay): string => name || named('why', why);

/** A month: open or closed as a word and a colour, and why; a click sets a day by hand. */
export function MonthTable({
  month,
  today,
  days,
  onPick,
}: {
  month: string;
  today: string;
  days: ReadonlyMap<string, CalendarDay>;
  /** Absent for who may not change it. */
  onPick?: ((day: CalendarDay) => void) | undefined;
}) {
  return (
    <table className="month" aria-label={`${t('calendar')} ${month}`}>
      <thead>
        <tr>
          {columns.map((weekday) => (
            <th key={weekday} scope="col">
              {named('weekday', weekday)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {weeksOf(month).map((week, at) => (
          <tr key={week.find((day) => day !== null) ?? at}>
            {week.map((date, column) => {
              const day = date === null ? undefined : days.get(date);
              if (!day) return <td key={columns[column]} />;
              return (
                <td
                  key={day.date}
                  data-date={day.date}
                  className={`${day.open ? 'is-open' : 'is-closed'}${day.why === 'weekday' ? '' : ' is-set'}`}
                  aria-current={day.date === today ? 'date' : undefined}
                >
                  <Day day={day} onPick={onPick} />
                </td>
              );
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Day({ day, onPick }: { day: CalendarDay; onPick: ((day: CalendarDay) => void) | undefined }) {
  const said = (
    <>
      <b>{Number(day.date.slice(8))}</b> <span className="day-state">{t(day.open ? 'open' : 'closed')}</span>
      {day.why !== 'weekday' && <span className="day-why">{whyText(day)}</span>}
    </>
  );
  if (!onPick) return <div className="day">{said}</div>;
  return (
    <button type="button" className="day" title={`${day.date} · ${whyText(day)}`} onClick={() => onPick(day)}>
      {said}
    </button>
  );
}
