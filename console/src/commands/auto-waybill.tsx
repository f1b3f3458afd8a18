import { useState } from 'react';
import type { Target } from '../api/jobs.ts';
import { type TextKey, t } from '../ui/texts.ts';

/** As the place does it, a number of its range, or none. */
const choices = { place: 'autoAsPlace', draw: 'autoDraw', none: 'autoNone' } as const satisfies Record<string, TextKey>;
type Choice = keyof typeof choices;

const isChoice = (value: string): value is Choice => value in choices;

/** Whether 출고완료 gives lines without a waybill the next number of their place's range (자동 운송장). */
export function useAutoWaybill(rows: readonly { target: Target; isParcel: boolean }[]) {
  const [choice, setChoice] = useState<Choice>('place');
  const open = new Set(rows.flatMap(({ target, isParcel }) => (isParcel && !target.waybillNo ? [target] : [])));
  return {
    count: open.size,
    withAuto: (target: Target): Target =>
      choice === 'place' || !open.has(target) ? target : ({ ...target, autoWaybill: choice === 'draw' } as Target),
    field: open.size > 0 && (
      <label className="field">
        {t('autoWaybillOf', { n: open.size })}
        <select
          name="autoWaybill"
          // It has an answer already: the keyboard begins on the button.
          data-as-is
          value={choice}
          onChange={({ target: { value } }) => {
            if (isChoice(value)) setChoice(value);
          }}
        >
          {Object.entries(choices).map(([value, text]) => (
            <option key={value} value={value}>
              {t(text)}
            </option>
          ))}
        </select>
      </label>
    ),
  };
}
