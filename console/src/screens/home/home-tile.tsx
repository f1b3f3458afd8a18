import { Link } from 'react-router';
import { age, exactly } from '../../ui/figures.ts';
import { t } from '../../ui/texts.ts';

const DAY = 86_400_000;
/** Age from which waiting work is highlighted, and from which it is late. */
const OLD_MS = DAY;
const LATE_MS = 3 * DAY;

const agedness = (at: string): '' | 'old' | 'late' => {
  const waited = Date.now() - Date.parse(at);
  return waited >= LATE_MS ? 'late' : waited >= OLD_MS ? 'old' : '';
};

/** A number that opens its list; `alarm`: any number above zero is a warning. */
export function Tile({
  to,
  name,
  next,
  count,
  more = false,
  oldest = null,
  alarm = false,
}: {
  to: string;
  name: string;
  /** What to do with them. */
  next: string;
  /** Absent while unknown. */
  count: number | undefined;
  more?: boolean | undefined;
  oldest?: string | null;
  alarm?: boolean;
}) {
  return (
    <Link className={`tile${alarm && count ? ' alarm' : ''}${count === 0 ? ' none' : ''}`} to={to}>
      <span className="tile-name">{name}</span>
      <b>
        {count?.toLocaleString() ?? '–'}
        {more ? '+' : ''}
      </b>
      {oldest && count ? (
        <small className={`age ${agedness(oldest)}`} title={exactly(oldest)}>
          {t('oldest', { at: age(oldest) })}
        </small>
      ) : (
        <small className="muted">{count === 0 ? t('nothingWaits') : next}</small>
      )}
    </Link>
  );
}
