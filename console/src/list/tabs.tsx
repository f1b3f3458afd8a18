import { Link, useSearchParams } from 'react-router';
import { type TextKey, t } from '../ui/texts.ts';

/** Tabs of a screen; changing the tab keeps the filters but not the open panel and the sort. */
export function Tabs(props: { label: string; base: string; tabs: readonly { tab: string; name: TextKey }[]; current: string }) {
  const [search] = useSearchParams();
  const kept = new URLSearchParams(search);
  for (const name of ['delivery', 'pickup', 'sort']) kept.delete(name);
  return (
    <div className="tabs" role="tablist" aria-label={props.label}>
      {props.tabs.map(({ tab, name }) => (
        <Link
          key={tab}
          role="tab"
          aria-selected={tab === props.current}
          to={{ pathname: `${props.base}/${tab}`, search: kept.toString() }}
        >
          {t(name)}
        </Link>
      ))}
    </div>
  );
}
