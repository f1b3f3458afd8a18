import { useEffect, useRef, useState } from 'react';
import { useSearchParams } from 'react-router';
import { type TextKey, t } from '../ui/texts.ts';

export interface Filter {
  name: string;
  label: TextKey;
  /** `period`: one control for which date (`name`) and `from` and `to`. */
  kind?: 'text' | 'date' | 'period';
  options?: { value: string; label: string }[];
  width?: number;
}

const SETTLE_MS = 400;

/** Query parameters of these filters. */
const namesOf = (filters: Filter[]): string[] =>
  filters.flatMap(({ name, kind }) => (kind === 'period' ? [name, 'from', 'to'] : [name]));

/** The values of these filters in the address. */
export const askedOf = (search: URLSearchParams, filters: Filter[]): Record<string, string> => {
  const names = new Set(namesOf(filters));
  return Object.fromEntries([...search].filter(([name]) => names.has(name)));
};

/** The filters of a list are kept in its address, so that a reload, a shared link and the back button keep them. */
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
        {filters.map((filter) =>
          filter.kind === 'period' ? (
            <Period key={filter.name} filter={filter} params={params} put={put} />
          ) : (
            <FilterField
              key={filter.name}
              filter={filter}
              value={params.get(filter.name) ?? ''}
              onChange={(value) => put(filter.name, value)}
            />
          ),
        )}
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

/** 기준일, 부터 and 까지 belong together and stay on one line. */
function Period({
  filter,
  params,
  put,
}: {
  filter: Filter;
  params: URLSearchParams;
  put: (name: string, value: string) => void;
}) {
  return (
    <fieldset className="period">
      <legend className="hidden">{t(filter.label)}</legend>
      <FilterField
        filter={{ name: filter.name, label: filter.label, ...(filter.options ? { options: filter.options } : {}) }}
        value={params.get(filter.name) ?? ''}
        none={t('byDefault')}
        onChange={(value) => put(filter.name, value)}
      />
      {(['from', 'to'] as const).map((name) => (
        <FilterField
          key={name}
          filter={{ name, label: name, kind: 'date', width: 116 }}
          value={params.get(name) ?? ''}
          onChange={(value) => put(name, value)}
        />
      ))}
    </fieldset>
  );
}

function FilterField({
  filter,
  value,
  onChange,
  none = t('all'),
}: {
  filter: Filter;
  value: string;
  onChange: (value: string) => void;
  /** Shown when nothing is chosen. */
  none?: string;
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
