import { useEffect, useRef } from 'react';
import { Link, useSearchParams } from 'react-router';
import { withOpened } from '../ui/opened.ts';
import { type TextKey, t } from '../ui/texts.ts';
import { shownWaiting, type Waiting } from './waiting.ts';

interface Tab {
  tab: string;
  name: TextKey;
  /** What waits there: names the tab instead of its command. */
  queue?: TextKey | undefined;
  waiting?: Waiting | undefined;
}

/** Tabs of a screen; changing the tab keeps the filters but not the open panel and the sort. */
export function Tabs(props: { label: string; base: string; tabs: readonly Tab[]; current: string }) {
  const [search] = useSearchParams();
  const kept = withOpened(search, null);
  kept.delete('sort');
  const list = useRef<HTMLDivElement>(null);
  const { current } = props;
  const isCounted = props.tabs.some(({ waiting }) => waiting !== undefined);
  // On a narrow window the tabs are wider than it, and with their counts wider than before.
  // biome-ignore lint/correctness/useExhaustiveDependencies: when the counts have come
  useEffect(() => {
    const tab = list.current?.querySelector(`[data-tab="${current}"]`);
    tab?.scrollIntoView({ inline: 'center', block: 'nearest' });
  }, [current, isCounted]);
  return (
    <div className="tabs" ref={list} role="tablist" aria-label={props.label}>
      {props.tabs.map(({ tab, name, queue, waiting }) => (
        <Link
          key={tab}
          role="tab"
          data-tab={tab}
          aria-selected={tab === props.current}
          to={{ pathname: `${props.base}/${tab}`, search: kept.toString() }}
        >
          {t(queue ?? name)}
          {waiting && <b className={waiting.count === 0 ? 'waiting none' : 'waiting'}> {shownWaiting(waiting)}</b>}
        </Link>
      ))}
    </div>
  );
}
