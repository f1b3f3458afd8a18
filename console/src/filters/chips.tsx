import { useState } from 'react';
import { type Filter, namesOf } from '../list/filters.tsx';
import type { Params } from '../list/list.ts';
import { named, t } from '../ui/texts.ts';
import type { Put } from './address.ts';
import { isDays } from './days.ts';
import { Missing } from './missing.tsx';

const short = (date: string | null) => (date ? date.slice(5) : '');

/** What a chip says of its filter; null = the filter is not set. */
function shownValue({ name, kind, options = [] }: Filter, search: URLSearchParams): string | null {
  const values = search.getAll(name).filter((value) => value !== '');
  const nameOf = (value: string) => options.find((option) => option.value === value)?.label ?? value;
  if (kind === 'period') {
    const [days, from, to] = [search.get('days'), search.get('from'), search.get('to')];
    if (!values[0] && !days && !from && !to) return null;
    const dates = isDays(days) ? named('days', days) : from || to ? `${short(from)}~${short(to)}` : '';
    return [values[0] ? nameOf(values[0]) : t('byDefault'), dates].filter(Boolean).join(' ');
  }
  if (values.length === 0) return null;
  return values.length === 1 ? nameOf(values[0] ?? '') : t('numbersOf', { n: values.length });
}

/** The filters that are set: a click changes one, × takes it away. */
export function Chips({
  filters,
  search,
  put,
  path,
  params,
  onEdit,
}: {
  filters: readonly Filter[];
  search: URLSearchParams;
  put: Put;
  path: string;
  params: Params;
  onEdit: (name: string) => void;
}) {
  const [asked, ask] = useState<Filter | null>(null);
  return (
    <>
      {filters.map((filter) => {
        // The field for any number is always in sight.
        const shown = filter.kind === 'number' ? null : shownValue(filter, search);
        if (shown === null) return null;
        const isPeriod = filter.kind === 'period';
        return (
          <span key={filter.name} className="chip" data-filter={filter.name}>
            <button type="button" className="chip-text" onClick={() => onEdit(filter.name)}>
              {!isPeriod && <span className="chip-label">{t(filter.label)}</span>} {shown}
            </button>
            {search.getAll(filter.name).length > 1 && (
              <button type="button" className="chip-more" onClick={() => ask(filter)}>
                {t('missingNumbers')}
              </button>
            )}
            <button
              type="button"
              className="chip-off"
              aria-label={t('removeFilter', { name: t(filter.label) })}
              onClick={() => put(Object.fromEntries(namesOf([filter]).map((name) => [name, []])))}
            >
              ×
            </button>
          </span>
        );
      })}
      {asked && (
        <Missing path={path} params={params} filter={asked} numbers={search.getAll(asked.name)} onClose={() => ask(null)} />
      )}
    </>
  );
}
