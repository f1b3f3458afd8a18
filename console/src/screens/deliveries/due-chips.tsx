import { useFilterAddress } from '../../filters/address.ts';
import type { Params } from '../../list/list.ts';
import { named, t } from '../../ui/texts.ts';
import { useCounts } from '../../views/counts.ts';

/** What a queue is asked for by a click; the other values stand among the filters. */
const choices = ['late', 'today', 'tomorrow'] as const;

/** 지연 · 오늘 · 내일 of this list, with the other filters that are set: each says how many it would show. */
export function DueChips({ path, params }: { path: string; params: Params }) {
  const [search, put] = useFilterAddress();
  const { due: _due, sort: _sort, ...others } = params;
  const counts = useCounts(choices.map((due) => ({ path, params: { ...others, due } })));
  return (
    <fieldset className="quick-dates due-chips">
      <legend className="hidden">{t('dispatchDueOn')}</legend>
      <span className="due-label" aria-hidden="true">
        {t('dispatchDueOn')}
      </span>
      {choices.map((due, at) => {
        const isChosen = search.get('due') === due;
        const counted = counts[at];
        return (
          <button
            key={due}
            type="button"
            data-due={due}
            className={counted && counted.count > 0 ? `due-${due}` : ''}
            aria-pressed={isChosen}
            onClick={() => put({ due: isChosen ? [] : [due] })}
          >
            {named('due', due)}
            {counted && (
              <b>
                {' '}
                {counted.count.toLocaleString()}
                {counted.isMinimum ? '+' : ''}
              </b>
            )}
          </button>
        );
      })}
    </fieldset>
  );
}
