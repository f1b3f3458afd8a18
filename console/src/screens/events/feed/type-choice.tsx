import { named, t } from '../../../ui/texts.ts';
import { isAll, typesBy } from './event-types.ts';

/** All events, or some of them by name. `offered`: those that can be chosen. */
export function TypeChoice({
  types,
  offered,
  onChange,
}: {
  /** Names, or `*`. */
  types: readonly string[];
  offered: readonly string[];
  onChange: (types: string[]) => void;
}) {
  const takesAll = isAll(types);
  const toggle = (type: string) => onChange(types.includes(type) ? types.filter((each) => each !== type) : [...types, type]);
  return (
    <fieldset className="type-choice">
      <legend>{t('webhookTypes')}</legend>
      <label className="check">
        <input type="radio" name="which" value="all" checked={takesAll} onChange={() => onChange(['*'])} />
        {t('allTypes')}
      </label>
      <label className="check">
        <input type="radio" name="which" value="chosen" checked={!takesAll} onChange={() => takesAll && onChange([])} />
        {t('chosenTypes')}
      </label>
      {!takesAll &&
        [...typesBy].map(([group, own]) => {
          const shown = own.filter((type) => offered.includes(type));
          return (
            shown.length > 0 && (
              <fieldset key={group} className="types">
                <legend>{named('eventGroup', group)}</legend>
                {shown.map((type) => (
                  <label key={type} className="check" title={type}>
                    <input type="checkbox" name={type} checked={types.includes(type)} onChange={() => toggle(type)} />
                    {named('eventType', type)}
                  </label>
                ))}
              </fieldset>
            )
          );
        })}
    </fieldset>
  );
}

/** What an endpoint is told, in words; the rest is in the tooltip. */
export function Types({ types }: { types: readonly string[] }) {
  if (isAll(types)) return <>{t('allTypes')}</>;
  const names = types.map((type) => named('eventType', type));
  const [first = ''] = names;
  return <span title={names.join(', ')}>{names.length === 1 ? first : t('typesMore', { first, n: names.length - 1 })}</span>;
}
