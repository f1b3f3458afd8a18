import { t } from '../../../ui/texts.ts';
import type { Day } from './figures.ts';

const HEIGHT = 120;
const GAP = 0.16;
/** From the ground up. */
const parts = ['onTime', 'open', 'late'] as const;
const texts = { onTime: 'onTime', open: 'stillOpen', late: 'lateCount' } as const;
/** At most this many days have their date below them. */
const MOST_DATES = 10;

/** A bar for each day: left in time, not late yet, late. The figures themselves are the table below. */
export function Plot({ days }: { days: readonly Day[] }) {
  const most = Math.max(1, ...days.map(({ due }) => due));
  const every = Math.ceil(days.length / MOST_DATES);
  return (
    <figure className="plot">
      <figcaption className="legend">
        {parts.map((part) => (
          <span key={part}>
            <i className={`is-${part}`} /> {t(texts[part])}
          </span>
        ))}
        <span>
          {t('dueCount')} ≤ {most.toLocaleString()}
        </span>
      </figcaption>
      <svg aria-hidden="true" viewBox={`0 0 ${days.length} ${HEIGHT}`} preserveAspectRatio="none">
        {days.map((day, at) => {
          let ground = HEIGHT;
          return parts.map((part) => {
            const height = (day[part] / most) * (HEIGHT - 4);
            ground -= height;
            return height === 0 ? null : (
              <rect
                key={`${day.date} ${part}`}
                className={`is-${part}`}
                x={at + GAP}
                width={1 - 2 * GAP}
                y={ground}
                height={height}
              />
            );
          });
        })}
      </svg>
      <ol>
        {days.map(({ date }, at) => (
          <li key={date}>{at % every === 0 ? date.slice(5) : ''}</li>
        ))}
      </ol>
    </figure>
  );
}
