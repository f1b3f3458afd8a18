import { Link } from 'react-router';
import { age, exactly } from '../../ui/figures.ts';
import { t } from '../../ui/texts.ts';

/** What a part of a number opens: those since before today. */
export interface Late {
  to: string;
  count: number;
  /** Since when the oldest waits, by the date of the list. */
  since: string | null;
  /** Somebody must act; else they only wait longest. */
  alarm: boolean;
  /** How it is said; by default "since before today". */
  words?: 'untilYesterday' | 'pastDue';
}

/** A number that opens its list, and below it those of before today, which open theirs. */
export function Tile({
  to,
  name,
  next,
  count,
  more = false,
  late,
  alarm = false,
}: {
  to: string;
  name: string;
  /** What to do with them. */
  next: string;
  /** Absent while unknown. */
  count: number | undefined;
  more?: boolean | undefined;
  late?: Late | undefined;
  /** Any number above zero is a warning. */
  alarm?: boolean;
}) {
  return (
    <div className={`tile${alarm && count ? ' alarm' : ''}${count === 0 ? ' none' : ''}`}>
      <Link className="tile-all" to={to}>
        <span className="tile-name">{name}</span>
        <b>
          {count?.toLocaleString() ?? '–'}
          {more ? '+' : ''}
        </b>
        <small className="muted">{count === 0 ? t('nothingWaits') : next}</small>
      </Link>
      {late && late.count > 0 && (
        <Link className={`age${late.alarm ? ' late' : ''}`} to={late.to} title={late.since ? exactly(late.since) : ''}>
          {t(late.words ?? 'untilYesterday', { n: late.count })}
          {late.since && <span className="age-since"> · {t('since', { at: age(late.since) })}</span>}
        </Link>
      )}
    </div>
  );
}
