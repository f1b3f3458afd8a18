import { useEffect, useRef, useState } from 'react';
import { useSearchParams } from 'react-router';
import { type TextKey, t } from '../ui/texts.ts';

export interface Filter {
  name: string;
  label: TextKey;
  /**
   * `period`: one control for which date (`name`) and `from` and `to`; `number`: the beginning of any number; `numbers`: one or many
   * whole ones.
   */
  kind?: 'text' | 'date' | 'period' | 'number' | 'numbers';
  options?: { value: string; label: string }[];
  width?: number;
}

const SETTLE_MS = 400;

/** Query parameters of these filters. */
export const namesOf = (filters: readonly Filter[]): string[] =>
  filters.flatMap(({ name, kind }) => (kind === 'period' ? [name, 'days', 'from', 'to'] : [name]));

/** The few filters of a plain list, all in sight. They are kept in its address, so that a reload, a shared link and the back button keep them. */
export function Filters({ filters }: { filters: Filter[] }) {
  const [params, setParams] = useSearchParams();
  const names = namesOf(filters);
  const isFiltered = names.some((name) => params.has(name));
  const put = (name: string, value: string) =>
    setParams(
      (before) => {
        const next = new URLSearchParams(before);
        if (value === '') next.delete(name);
        else next.set(name, value);
        return next;
      },
      { replace: true },
    );
  return (
    <search>
      <form className="filters" onSubmit={(event) => event.preventDefault()}>
        {filters.map((filter) => (
          <FilterField
            key={filter.name}
            filter={filter}
            value={params.get(filter.name) ?? ''}
            onChange={(value) => put(filter.name, value)}
          />
        ))}
        {isFiltered && (
          <button
            type="button"
            className="quiet reset"
            onClick={() =>
              setParams((before) => {
                const next = new URLSearchParams(before);
                for (const name of names) next.delete(name);
                return next;
              })
            }
          >
            {t('reset')}
          </button>
        )}
      </form>
    </search>
  );
}

/** One filter: a choice, a date, or a text that is taken when the typing pauses. */
export function FilterField({
  filter,
  value,
  onChange,
  onPaste,
  none = t('all'),
  placeholder,
}: {
  filter: Filter;
  value: string;
  onChange: (value: string) => void;
  /** Takes what is pasted; false = it goes into the field. */
  onPaste?: (text: string) => boolean;
  /** Shown when nothing is chosen. */
  none?: string;
  placeholder?: string;
}) {
  const [typed, setTyped] = useState(value);
  const latest = useRef(onChange);
  latest.current = onChange;
  useEffect(() => setTyped(value), [value]);
  useEffect(() => {
    if (typed === value) return;
    const timer = setTimeout(() => latest.current(typed.trim()), SETTLE_MS);
    return () => clearTimeout(timer);
  }, [typed, value]);
  const { name, label, options, kind = 'text', width = 124 } = filter;
  const id = `filter-${name}`;
  return (
    <label className="filter" htmlFor={id}>
      <span>{t(label)}</span>
      {options ? (
        <select id={id} name={name} value={value} onChange={(event) => onChange(event.target.value)}>
          <option value="">{none}</option>
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
      ) : (
        <input
          id={id}
          name={name}
          type={kind === 'date' ? kind : 'text'}
          placeholder={placeholder}
          style={{ width }}
          value={typed}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => (kind === 'date' ? onChange(event.target.value) : setTyped(event.target.value))}
          onKeyDown={(event) => event.key === 'Enter' && !event.nativeEvent.isComposing && onChange(typed.trim())}
          onPaste={(event) => onPaste?.(event.clipboardData.getData('text')) && event.preventDefault()}
        />
      )}
    </label>
  );
}
