import { reasonFaults } from '../api/permissions.ts';
import { t } from '../ui/texts.ts';
import { foundOf, type Inspectable, inspect, isOld, isRight, keepInspection } from './inspections.ts';

/** 재입고, 폐기 and 귀책 of one item of a pickup; the list beside the panel shows the same. */
export function InspectionFields({ pickup, item }: { pickup: Inspectable; item: Inspectable['items'][number] }) {
  const found = foundOf(pickup, item);
  const isWrong = !isRight(found, item.quantity);
  return (
    <>
      <div className="inspect">
        {(['restock', 'dispose'] as const).map((field) => (
          <label key={field}>
            {t(field)}{' '}
            <input
              type="number"
              name={field}
              min={0}
              max={item.quantity}
              value={found[field]}
              aria-invalid={isWrong}
              onChange={({ target }) => inspect(pickup, item.lineNo, field, target.value)}
            />
          </label>
        ))}
        <label>
          {t('fault')}{' '}
          <select name="fault" value={found.fault} onChange={({ target }) => inspect(pickup, item.lineNo, 'fault', target.value)}>
            {reasonFaults[item.reasonCode] === undefined && <option value="">{t('noFault')}</option>}
            <option value="buyer">{t('buyer')}</option>
            <option value="seller">{t('seller')}</option>
          </select>
        </label>
      </div>
      {isWrong && (
        <p className="red small" role="alert">
          {t('inspectionBad', { n: item.quantity })}
        </p>
      )}
    </>
  );
}

/** Says that what was typed belongs to an earlier state of the pickup. */
export function OldInspection({ pickup }: { pickup: Inspectable }) {
  if (!isOld(pickup)) return null;
  return (
    <p className="note warn" role="alert">
      {t('inspectionOld')}{' '}
      <button type="button" onClick={() => keepInspection(pickup)}>
        {t('inspectionKeep')}
      </button>
    </p>
  );
}
