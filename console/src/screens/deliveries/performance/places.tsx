import { Link } from 'react-router';
import type { Schemas } from '../../../api/api.ts';
import type { PlaceNames } from '../../../list/columns.tsx';
import { Table } from '../../../list/table.tsx';
import { t } from '../../../ui/texts.ts';
import { shownRate } from './figures.ts';

/** How each place did in these days; its name shows its days alone. */
export function Places({
  places,
  names,
  to,
}: {
  places: Schemas['DispatchPerformance']['places'] | undefined;
  names: PlaceNames;
  to: (placeNo: number) => string;
}) {
  return (
    <section className="board">
      <h2>{t('byPlace')}</h2>
      <Table
        label={t('byPlace')}
        heads={['placeNo', 'dueCount', 'onTime', 'lateCount', 'stillOpen', 'onTimeRate']}
        right={['dueCount', 'onTime', 'lateCount', 'stillOpen', 'onTimeRate']}
        rows={places}
        empty={t('noPerformance')}
        row={({ placeNo, due, onTime, late, open, onTimeRate }) => (
          <tr key={placeNo ?? 'none'} data-place={placeNo ?? 'none'}>
            <td>{placeNo === null ? t('none') : <Link to={to(placeNo)}>{names.get(placeNo) ?? placeNo}</Link>}</td>
            <td className="right">{due.toLocaleString()}</td>
            <td className="right">{onTime.toLocaleString()}</td>
            <td className="right">{late.toLocaleString()}</td>
            <td className="right">{open.toLocaleString()}</td>
            <td className="right">{shownRate(onTimeRate)}</td>
          </tr>
        )}
      />
    </section>
  );
}
