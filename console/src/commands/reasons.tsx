import { type KeyboardEvent, useRef } from 'react';
import type { Family } from '../api/jobs.ts';
import { numbered, t } from '../ui/texts.ts';

const usualReasons = (family: Family, name: string) => numbered(`usual.${family}.${name}`);
/** Whether a command asks for a reason; each that does has usual ones. */
export const asksReason = (family: Family, name: string): boolean => usualReasons(family, name).length > 0;

/** A reason: typed, or one of the usual ones, by the arrow keys or a click. */
export function ReasonField({
  family,
  name,
  value,
  onChange,
}: {
  family: Family;
  name: string;
  value: string;
  onChange: (value: string) => void;
}) {
  const input = useRef<HTMLInputElement>(null);
  const usual = usualReasons(family, name);
  const walk = (event: KeyboardEvent) => {
    if ((event.key !== 'ArrowDown' && event.key !== 'ArrowUp') || event.nativeEvent.isComposing || event.altKey) return;
    event.preventDefault();
    const at = usual.indexOf(value);
    const next = event.key === 'ArrowDown' ? at + 1 : at < 0 ? usual.length - 1 : at - 1;
    onChange(usual[(next + usual.length) % usual.length] ?? value);
  };
  return (
    <>
      <label className="field">
        {t('reason')}
        <input
          name="reason"
          ref={input}
          value={value}
          maxLength={500}
          autoComplete="off"
          onChange={({ target }) => onChange(target.value)}
          onKeyDown={walk}
          placeholder={t('chooseReason')}
        />
      </label>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset would need a legend that is shown */}
      <div className="usual" role="group" aria-label={t('usualReasons')}>
        {usual.map((each) => (
          <button
            key={each}
            type="button"
            aria-pressed={each === value}
            onClick={() => {
              onChange(each);
              input.current?.focus();
            }}
          >
            {each}
          </button>
        ))}
      </div>
    </>
  );
}
