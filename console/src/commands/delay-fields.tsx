import type { Schemas } from '../api/api.ts';
import { daysAfter } from '../filters/days.ts';
import { useSeoulDay } from '../filters/today.ts';
import { named, t } from '../ui/texts.ts';
import { Choice } from './form.tsx';

/** A promise goes at most this many days ahead; the API judges it. */
const MOST_DAYS = 90;

const REASONS: readonly Schemas['DelayNotice']['reasonCode'][] = ['STOCK', 'CUSTOMER', 'MADE_TO_ORDER', 'OVERSEAS', 'OTHER'];

/** What is typed of a delay notice; a day that was not chosen is tomorrow. */
export interface Delay {
  expectedOn: string;
  reasonCode: string;
}
export const noDelay: Delay = { expectedOn: '', reasonCode: 'STOCK' };

/** The notice as it will be sent, and whether its day may be promised. */
export function useDelay({ expectedOn, reasonCode }: Delay) {
  const today = useSeoulDay();
  const [first, last] = [daysAfter(today, 1), daysAfter(today, MOST_DAYS)];
  const delay = { expectedOn: expectedOn || first, reasonCode };
  return { delay, first, last, isPossible: delay.expectedOn >= first && delay.expectedOn <= last };
}

/** 발송지연안내: the day that the buyer is told, and why. */
export function DelayFields({
  delay: { expectedOn, reasonCode },
  first,
  last,
  isPossible,
  onChange,
}: ReturnType<typeof useDelay> & { onChange: (part: Partial<Delay>) => void }) {
  return (
    <>
      <label className="field">
        {t('delayExpectedOn')}
        <input
          type="date"
          name="expectedOn"
          required
          min={first}
          max={last}
          value={expectedOn}
          onChange={({ target }) => onChange({ expectedOn: target.value })}
        />
      </label>
      {!isPossible && (
        <p className="note warn" role="alert">
          {t('delayBounds', { first, last })}
        </p>
      )}
      <Choice
        label="delayReason"
        name="reasonCode"
        value={reasonCode}
        onChange={(value) => onChange({ reasonCode: value })}
        options={REASONS.map((value) => ({ value, label: named('delayReason', value) }))}
      />
    </>
  );
}
