import { toast } from 'sonner';
import { type Filter, FilterField } from '../list/filters.tsx';
import { t } from '../ui/texts.ts';
import { onlyOne, type Put } from './address.ts';
import { MOST_NUMBERS, splitNumbers } from './numbers.ts';

interface FieldProps {
  filter: Filter;
  search: URLSearchParams;
  put: Put;
}

/** The first numbers that a filter takes; says how many are too many. */
export function withinMost(numbers: string[]): string[] {
  if (numbers.length > MOST_NUMBERS) toast.warning(t('numbersCut', { n: MOST_NUMBERS, over: numbers.length - MOST_NUMBERS }));
  return numbers.slice(0, MOST_NUMBERS);
}

/** The field of one filter, in the open part of the bar. */
export function Field({ filter, search, put }: FieldProps) {
  const { name, kind } = filter;
  if (kind === 'period') return <Period filter={filter} search={search} put={put} />;
  if (kind === 'numbers') return <Numbers filter={filter} search={search} put={put} />;
  return <FilterField filter={filter} value={search.get(name) ?? ''} onChange={(value) => put({ [name]: onlyOne(value) })} />;
}

/** One number, or many of them pasted. */
function Numbers({ filter, search, put }: FieldProps) {
  const { name } = filter;
  const values = search.getAll(name);
  const isMany = values.length > 1;
  const take = (text: string) => put({ [name]: withinMost(splitNumbers(text)) });
  return (
    <FilterField
      key={isMany ? 'many' : 'one'}
      filter={filter}
      value={isMany ? '' : (values[0] ?? '')}
      placeholder={isMany ? t('numbersOf', { n: values.length }) : t('pasteNumbers')}
      onChange={take}
      onPaste={(text) => {
        const isList = splitNumbers(text).length > 1;
        if (isList) take(text);
        return isList;
      }}
    />
  );
}

/** 기준일, 부터 and 까지 belong together and stay on one line. Dates that are chosen take the place of days that go along. */
function Period({ filter, search, put }: FieldProps) {
  const { name, label, options = [] } = filter;
  return (
    <fieldset className="period">
      <legend className="hidden">{t(label)}</legend>
      <FilterField
        filter={{ name, label, options }}
        value={search.get(name) ?? ''}
        none={t('byDefault')}
        onChange={(value) => put({ [name]: onlyOne(value) })}
      />
      {(['from', 'to'] as const).map((end) => (
        <FilterField
          key={end}
          filter={{ name: end, label: end, kind: 'date', width: 116 }}
          value={search.get(end) ?? ''}
          onChange={(value) => put({ [end]: onlyOne(value), days: [] })}
        />
      ))}
    </fieldset>
  );
}
