import { useMemo } from 'react';
import { useSearchParams } from 'react-router';
import { type Filter, namesOf } from '../list/filters.tsx';
import type { Params } from '../list/list.ts';
import { isDays, rangeOf } from './days.ts';
import { LEAST_LETTERS, MOST_NUMBERS, numberKey } from './numbers.ts';
import { useSeoulDay } from './today.ts';

/** Filters of an address as the API takes them on this day; `days` becomes dates. */
export function askedOf(search: URLSearchParams, filters: readonly Filter[], today: string): Params {
  const asked: Params = {};
  for (const { name, kind } of filters) {
    const values = search.getAll(name).filter((value) => value !== '');
    const last = values.at(-1);
    if (kind === 'numbers') {
      if (values.length > 0) asked[name] = values.slice(0, MOST_NUMBERS);
    } else if (kind === 'number') {
      if (last !== undefined && numberKey(last).length >= LEAST_LETTERS) asked[name] = last;
    } else if (last !== undefined) asked[name] = last;
    if (kind !== 'period') continue;
    const days = search.get('days');
    for (const end of ['from', 'to'] as const) {
      const date = isDays(days) ? rangeOf(days, today)[end] : search.get(end);
      if (date) asked[end] = date;
    }
  }
  return asked;
}

/** What the address asks of this list now. */
export function useAsked(filters: readonly Filter[]): Params {
  const [search] = useSearchParams();
  const today = useSeoulDay();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the filters are the same in every drawing of a screen
  return useMemo(() => askedOf(search, filters, today), [search, today]);
}

/** The part of an address that says which list it is, in a fixed order: filters and sort, without the open detail. */
export function filterPart(search: URLSearchParams, filters: readonly Filter[]): string {
  const part = new URLSearchParams();
  for (const name of namesOf(filters)) for (const value of search.getAll(name)) if (value !== '') part.append(name, value);
  const sort = search.get('sort');
  if (sort) part.append('sort', sort);
  return part.toString();
}
