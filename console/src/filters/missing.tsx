import { useQuery } from '@tanstack/react-query';
import { toast } from 'sonner';
import type { Filter } from '../list/filters.tsx';
import { type Params, readAll } from '../list/list.ts';
import { Trouble } from '../list/parts.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { shownName, t } from '../ui/texts.ts';
import { MOST_NUMBERS, numberKey } from './numbers.ts';

type Row = Record<string, unknown> & { state?: string; stateName?: string };
const MOST_ROWS = 10_000;

interface MissingNumber {
  number: string;
  /** Where its rows are instead; null = there is no such number. */
  states: string | null;
}

/** Which of the numbers have no row in this list, and whether they exist at all. */
async function missingOf(path: string, params: Params, name: string, numbers: string[]): Promise<MissingNumber[]> {
  const keys = (rows: Row[]) => Map.groupBy(rows, (row) => numberKey(String(row[name] ?? '')));
  const here = keys((await readAll<Row>(path, params, MOST_ROWS)).rows);
  const gone = numbers.filter((number) => !here.has(numberKey(number)));
  if (gone.length === 0) return [];
  const anywhere = keys((await readAll<Row>(path, { [name]: gone }, MOST_ROWS)).rows);
  return gone.map((number) => {
    const rows = anywhere.get(numberKey(number));
    const states = rows?.map(({ state = '', stateName = '' }) =>
      shownName(path.endsWith('pickups') ? 'pstate' : 'state', state, stateName),
    );
    return { number, states: states ? [...new Set(states)].join(', ') : null };
  });
}

/** Lists the numbers of a filter that found nothing. */
export function Missing({
  path,
  params,
  filter,
  numbers,
  onClose,
}: {
  path: string;
  params: Params;
  filter: Filter;
  numbers: string[];
  onClose: () => void;
}) {
  const asked = numbers.slice(0, MOST_NUMBERS);
  const { data, error, refetch } = useQuery({
    queryKey: ['missing', path, params, filter.name],
    queryFn: () => missingOf(path, params, filter.name, asked),
    gcTime: 0,
  });
  const copy = () =>
    navigator.clipboard.writeText((data ?? []).map(({ number }) => number).join('\n')).then(
      () => toast.success(t('copied')),
      () => toast.error(t('notCopied')),
    );
  return (
    <Dialog title={`${t(filter.label)}: ${t('missingNumbers')}`} onClose={onClose}>
      {error && <Trouble error={error} again={() => void refetch()} />}
      {!data && !error && <p className="muted">{t('loading')}</p>}
      {data && <p>{t(data.length === 0 ? 'allFound' : 'someMissing', { all: asked.length, n: data.length })}</p>}
      {data && data.length > 0 && (
        <>
          <ul className="some scrolls missing">
            {data.map(({ number, states }) => (
              <li key={number}>
                {number} <span className="muted">{states === null ? t('noSuchNumber') : t('elsewhere', { states })}</span>
              </li>
            ))}
          </ul>
          <button type="button" onClick={() => void copy()}>
            {t('copyNumbers')}
          </button>
        </>
      )}
    </Dialog>
  );
}
