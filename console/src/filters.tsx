import { useEffect, useRef, useState } from 'react';
import { useSearchParams } from 'react-router';
import { type TextKey, t } from './texts.ts';

export interface Filter {
  name: string;
  label: TextKey;
  kind?: 'text' | 'date';
  options?: { value: string; label: string }[];
  width?: number;
}

const SETTLE_MS = 400;

/** The filters of a list live in its address: a reload, a colleague's link and the way back have them. */
export function Filters({ filters }: { filters: Filter[] }) {
  const [params, setParams] = useSearchParams();
  const isFiltered = filters.some(({ name }) => params.has(name));
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
            className="quiet"
            onClick={() =>
              setParams((before) => {
                const next = new URLSearchParams(before);
                for (const { name } of filters) next.delete(name);
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

function FilterField({ filter, value, onChange }: { filter: Filter; value: string; onChange: (value: string) => void }) {
  const [typed, setTyped] = useState(value);
  const latest = useRef(onChange);
  latest.current = onChange;
  useEffect(() => setTyped(value), [value]);
  useEffect(() => {
    if (typed === value) return;
    const timer = setTimeout(() => latest.current(typed.trim()), SETTLE_MS);
    return () => clearTimeout(timer);
  }, [typed, value]);
  const { name, label, options, kind = 'text', width = 130 } = filter;
  const id = `filter-${name}`;
  return (
    <label className="filter" htmlFor={id}>
      <span>{t(label)}</span>
      {options ? (
        <select id={id} name={name} value={value} onChange={(event) => onChange(event.target.value)}>
          <option value="">{t('all')}</option>
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
          type={kind}
          style={{ width }}
          value={typed}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => (kind === 'date' ? onChange(event.target.value) : setTyped(event.target.value))}
          onKeyDown={(event) => event.key === 'Enter' && onChange(typed.trim())}
        />
      )}
    </label>
  );
}
