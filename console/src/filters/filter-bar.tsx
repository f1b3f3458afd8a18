import { type ReactNode, useEffect, useRef, useState } from 'react';
import { type Filter, namesOf } from '../list/filters.tsx';
import type { Params } from '../list/list.ts';
import { named, t } from '../ui/texts.ts';
import { useFilterAddress } from './address.ts';
import { AnyNumber } from './any-number.tsx';
import { Chips } from './chips.tsx';
import { daysChoices } from './days.ts';
import { Field } from './fields.tsx';

/** The many filters of a list in one line: any number, quick dates, and a chip for each filter that is set. 필터 + opens the rest. */
export function FilterBar({
  filters,
  path,
  params,
  quick,
  children,
}: {
  filters: readonly Filter[];
  /** Where numbers are looked up. */
  path: string;
  /** What the list asks now. */
  params: Params;
  /** Beside the quick dates. */
  quick?: ReactNode;
  children?: ReactNode;
}) {
  const [search, put] = useFilterAddress();
  const [open, setOpen] = useState<{ at: string | null } | null>(null);
  const bar = useRef<HTMLFormElement>(null);
  const opener = useRef<HTMLButtonElement>(null);
  const names = namesOf(filters);
  const anyNumber = filters.find(({ kind }) => kind === 'number');
  const period = filters.find(({ kind }) => kind === 'period');
  const inPanel = filters.filter(({ kind }) => kind !== 'number');

  useEffect(() => {
    if (!open) return;
    const fields = bar.current?.querySelector('.filter-fields');
    const first =
      (open.at ? fields?.querySelector<HTMLElement>(`[name="${open.at}"]`) : null) ?? fields?.querySelector<HTMLElement>('input');
    first?.focus();
    const leave = (event: PointerEvent) => {
      if (event.target instanceof Node && !bar.current?.contains(event.target)) setOpen(null);
    };
    addEventListener('pointerdown', leave, true);
    return () => removeEventListener('pointerdown', leave, true);
  }, [open]);

  return (
    <search>
      <form
        className="filters filter-bar"
        ref={bar}
        onSubmit={(event) => {
          event.preventDefault();
          setOpen(null);
        }}
        onKeyDown={(event) => {
          if (!open || event.nativeEvent.isComposing || (event.key !== 'Escape' && event.key !== 'Enter')) return;
          if (event.target instanceof HTMLButtonElement && event.key === 'Enter') return;
          event.preventDefault();
          event.stopPropagation();
          setOpen(null);
          opener.current?.focus();
        }}
      >
        {anyNumber && (
          <AnyNumber
            filter={anyNumber}
            filters={filters.filter(({ kind }) => kind === 'numbers')}
            path={path}
            search={search}
            put={put}
          />
        )}
        {period && (
          <fieldset className="quick-dates">
            <legend className="hidden">{t('quickDates')}</legend>
            {daysChoices.map((days) => {
              const isChosen = search.get('days') === days;
              return (
                <button
                  key={days}
                  type="button"
                  data-days={days}
                  aria-pressed={isChosen}
                  onClick={() => put({ days: isChosen ? [] : [days], from: [], to: [] })}
                >
                  {named('days', days)}
                </button>
              );
            })}
          </fieldset>
        )}
        {quick}
        <Chips filters={filters} search={search} put={put} path={path} params={params} onEdit={(at) => setOpen({ at })} />
        <button
          type="button"
          ref={opener}
          className="add-filter"
          aria-expanded={open !== null}
          onClick={() => setOpen((before) => (before ? null : { at: null }))}
        >
          {t('addFilter')}
        </button>
        {names.some((name) => search.has(name)) && (
          <button type="button" className="quiet reset" onClick={() => put(Object.fromEntries(names.map((name) => [name, []])))}>
            {t('reset')}
          </button>
        )}
        <span className="spread" />
        {children}
        {open && (
          <fieldset className="filter-fields">
            <legend className="hidden">{t('addFilter')}</legend>
            {inPanel.map((filter) => (
              <Field key={filter.name} filter={filter} search={search} put={put} />
            ))}
            <button type="submit">{t('close')}</button>
          </fieldset>
        )}
      </form>
    </search>
  );
}
