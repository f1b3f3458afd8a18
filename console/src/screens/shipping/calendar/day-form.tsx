import { useState } from 'react';
import { CallDialog, Check, TextField } from '../../../commands/form.tsx';
import { t } from '../../../ui/texts.ts';
import type { CalendarDay } from './month-table.tsx';

export const CALENDAR = '/api/bo/v1/calendar';

/** Opens or closes a day by hand, or lets it follow holidays and weekdays again. */
export function DayForm({
  day,
  placeNo,
  placeName,
  isOwn,
  onClose,
}: {
  day: CalendarDay;
  /** Absent = of all places. */
  placeNo: number | undefined;
  placeName: string;
  /** It was set by hand for exactly these places. */
  isOwn: boolean;
  onClose: () => void;
}) {
  const [open, setOpen] = useState(isOwn ? day.open : !day.open);
  const [name, setName] = useState(isOwn ? (day.name ?? '') : '');
  const [takesBack, setTakesBack] = useState(false);
  const query = placeNo === undefined ? '' : `?placeNo=${placeNo}`;
  return (
    <CallDialog
      title={`${t('editDay', { day: day.date })} · ${placeName}`}
      submit={t('save')}
      needs={takesBack ? [] : [[t('dayName'), name]]}
      call={() =>
        takesBack
          ? { method: 'DELETE', path: `${CALENDAR}/days/${day.date}${query}` }
          : {
              method: 'PUT',
              path: `${CALENDAR}/days/${day.date}`,
              body: { open, name: name.trim(), ...(placeNo === undefined ? {} : { placeNo }) },
            }
      }
      reads={[CALENDAR]}
      onClose={onClose}
    >
      {isOwn && <Check label="takeBackDay" name="takesBack" value={takesBack} onChange={setTakesBack} />}
      {takesBack ? (
        <p className="muted">{t('takeBackNote')}</p>
      ) : (
        <>
          <Check label="dayOpen" name="open" value={open} onChange={setOpen} />
          <TextField label="dayName" name="dayName" value={name} onChange={setName} />
        </>
      )}
      <p className="note">{t('dayNote')}</p>
    </CallDialog>
  );
}
