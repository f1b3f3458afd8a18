import { useState } from 'react';
import { CallDialog, TextField } from '../../../commands/form.tsx';
import { exactly } from '../../../ui/figures.ts';
import { t } from '../../../ui/texts.ts';
import { eventTypes, isAll } from '../feed/event-types.ts';
import { TypeChoice } from '../feed/type-choice.tsx';
import { WEBHOOKS, type Webhook } from './webhook.ts';

const HOUR_MS = 3_600_000;

/** Seoul's date and time as a field of the browser has it, to the minute. */
const minuteOf = (at: number): string => exactly(new Date(at).toISOString()).slice(0, 16).replace(' ', 'T');

/** Asks for everything of a range once more. Times are Seoul's, whatever clock the browser goes by; the last minute counts whole. */
export function ReplayDialog({ webhook, onClose }: { webhook: Webhook; onClose: () => void }) {
  const [form, setForm] = useState(() => ({ from: minuteOf(Date.now() - HOUR_MS), to: minuteOf(Date.now()), types: ['*'] }));
  const set = (part: Partial<typeof form>) => setForm((before) => ({ ...before, ...part }));
  const isReversed = form.from !== '' && form.to !== '' && form.from > form.to;
  return (
    <CallDialog
      title={t('replayRange')}
      submit={t('resend')}
      disabled={isReversed}
      needs={[
        [t('from'), form.from],
        [t('to'), form.to],
        [t('oneType'), form.types.join()],
      ]}
      call={() => ({
        method: 'POST',
        path: `${WEBHOOKS}/${webhook.id}/replay`,
        // Without names: all that this endpoint takes.
        body: {
          from: `${form.from}:00+09:00`,
          to: `${form.to}:59.999+09:00`,
          ...(isAll(form.types) ? {} : { types: form.types }),
        },
      })}
      reads={[WEBHOOKS]}
      onClose={onClose}
    >
      <p className="note">{t('replayNote')}</p>
      <div className="fields">
        <TextField label="from" name="from" type="datetime-local" value={form.from} onChange={(from) => set({ from })} />
        <TextField label="to" name="to" type="datetime-local" value={form.to} onChange={(to) => set({ to })} />
      </div>
      <p className="muted">{t('seoulTime')}</p>
      {isReversed && (
        <p className="note bad" role="alert">
          {t('rangeWrong')}
        </p>
      )}
      <TypeChoice
        types={form.types}
        offered={isAll(webhook.types) ? eventTypes : webhook.types}
        onChange={(types) => set({ types })}
      />
    </CallDialog>
  );
}
