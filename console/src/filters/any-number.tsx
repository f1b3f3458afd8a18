import { useState } from 'react';
import { type Filter, FilterField } from '../list/filters.tsx';
import { page } from '../list/list.ts';
import { t } from '../ui/texts.ts';
import { onlyOne, type Put } from './address.ts';
import { withinMost } from './fields.tsx';
import { LEAST_LETTERS, numberKey, splitNumbers } from './numbers.ts';

/** Which filter finds the most of these numbers; the first one when none finds any, or the API does not say. */
async function bestOf(path: string, filters: readonly Filter[], numbers: string[]): Promise<string | undefined> {
  const counts = await Promise.all(
    filters.map(async ({ name }) => {
      const read = await page(path, { [name]: numbers, limit: '1', count: 'true' }).catch(() => null);
      return { name, count: read?.total ?? 0 };
    }),
  );
  return counts.reduce((best, each) => (each.count > best.count ? each : best), counts[0] ?? { name: '', count: 0 }).name;
}

/** Finds by the beginning of any number; many numbers pasted into it become a filter of the kind they are. */
export function AnyNumber({
  filter,
  filters,
  path,
  search,
  put,
}: {
  filter: Filter;
  filters: readonly Filter[];
  path: string;
  search: URLSearchParams;
  put: Put;
}) {
  const [isLooking, setLooking] = useState(false);
  const value = search.get(filter.name) ?? '';
  const take = async (numbers: string[]) => {
    setLooking(true);
    const name = await bestOf(path, filters, numbers);
    setLooking(false);
    if (name) put({ [name]: numbers, [filter.name]: [] });
  };
  const isMany = (text: string) => {
    const numbers = splitNumbers(text);
    if (numbers.length < 2) return false;
    void take(withinMost(numbers));
    return true;
  };
  const isShort = value !== '' && numberKey(value).length < LEAST_LETTERS;
  return (
    <>
      <FilterField
        filter={filter}
        value={value}
        placeholder={t('anyNumber')}
        onChange={(text) => isMany(text) || put({ [filter.name]: onlyOne(text) })}
        onPaste={isMany}
      />
      {isLooking && <span className="muted">{t('lookingForNumbers')}</span>}
      {isShort && <span className="muted">{t('leastLetters', { n: LEAST_LETTERS })}</span>}
    </>
  );
}
