import type { Schemas } from '../api/api.ts';
import { exactly } from '../ui/figures.ts';
import { t } from '../ui/texts.ts';

/** What was printed of a delivery, the newest first: whoever prints again sees that there is a label already. */
export function Prints({ entries }: { entries: Schemas['Print'][] }) {
  if (entries.length === 0) return <p className="muted">{t('noPrints')}</p>;
  return (
    <ul className="prints" aria-label={t('prints')}>
      {entries.map(({ kind, copy, at, by, byName, waybillNo }) => (
        <li key={`${at} ${kind} ${waybillNo}`}>
          {[t(`printed.${kind}`), copy > 1 && t('reprint', { n: copy - 1 }), waybillNo, exactly(at), byName ?? by]
            .filter(Boolean)
            .join(' · ')}
        </li>
      ))}
    </ul>
  );
}
