import { useState } from 'react';
import { CallDialog } from '../../../commands/form.tsx';
import { named, t } from '../../../ui/texts.ts';
import { CALENDAR } from './day-form.tsx';
import { columns } from './month.ts';

/** The weekdays on which parcels leave, of all places or of one. */
export function WeekForm({
  openWeekdays,
  placeNo,
  placeName,
  onClose,
}: {
  openWeekdays: readonly number[];
  placeNo: number | undefined;
  placeName: string;
  onClose: () => void;
}) {
  const [open, setOpen] = useState<readonly number[]>(openWeekdays);
  return (
    <CallDialog
      title={`${t('editWeek')} · ${placeName}`}
      submit={t('save')}
      call={() => ({
        method: 'PUT',
        path: `${CALENDAR}/week`,
        body: {
          openWeekdays: [...open].sort((one, other) => one - other),
          ...(placeNo === undefined ? {} : { placeNo }),
        },
      })}
      reads={[CALENDAR]}
      onClose={onClose}
    >
      <fieldset className="weekdays">
        <legend className="hidden">{t('editWeek')}</legend>
        {columns.map((weekday) => (
          <label key={weekday}>
            <input
              type="checkbox"
              name={`weekday-${weekday}`}
              checked={open.includes(weekday)}
              onChange={({ target }) =>
                setOpen((before) => (target.checked ? [...before, weekday] : before.filter((each) => each !== weekday)))
              }
            />
            {named('weekday', weekday)}
          </label>
        ))}
      </fieldset>
      <p className="note">
        {t('weekNote')} {t('dayNote')}
      </p>
    </CallDialog>
  );
}
