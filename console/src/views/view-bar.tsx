import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useLocation, useSearchParams } from 'react-router';
import { toast } from 'sonner';
import { sentenceOf } from '../api/sentences.ts';
import { useSeoulDay } from '../filters/today.ts';
import { t } from '../ui/texts.ts';
import { ArrangeViews } from './arrange-views.tsx';
import { type Asked, useCounts } from './counts.ts';
import { SaveView } from './save-view.tsx';
import { changeViews, MOST_VIEWS, useViews, VIEWS, type View } from './views.ts';

export interface ViewBarProps {
  /** Beginning of the addresses whose views are shown here. */
  base: string;
  /** The filters, and the order where it was chosen, of an address. Never an open detail. */
  partOf: (screen: string, search: URLSearchParams) => string;
  /** What the list at an address asks; null = there is no such list any more. */
  askedBy: (screen: string, search: URLSearchParams, today: string) => Asked | null;
}

/** Views that this person has saved for these lists, with how many rows each has now. */
export function ViewBar({ base, partOf, askedBy }: ViewBarProps) {
  const client = useQueryClient();
  const { pathname } = useLocation();
  const [search] = useSearchParams();
  const today = useSeoulDay();
  const [dialog, open] = useState<'save' | 'arrange' | null>(null);
  const { data } = useViews();
  const views = (data?.views ?? []).filter(({ screen }) => screen === base || screen.startsWith(`${base}/`));
  const counts = useCounts(views.map(({ screen, query }) => askedBy(screen, new URLSearchParams(query), today)));
  const here = partOf(pathname, search);
  const isHere = ({ screen, query }: View) => screen === pathname && partOf(screen, new URLSearchParams(query)) === here;

  const change = (next: (all: View[]) => View[]) => {
    open(null);
    changeViews(next).then(
      (saved) => {
        client.setQueryData([VIEWS], saved);
        toast.success(t('viewSaved'));
      },
      (error: Error) => {
        void client.invalidateQueries({ queryKey: [VIEWS] });
        toast.error(t('wholeFailed', { command: t('saveView'), why: sentenceOf(error) }));
      },
    );
  };
  if (!data) return null;
  const isFull = data.views.length >= MOST_VIEWS;
  return (
    <nav className="views" aria-label={t('views')}>
      {views.map((view, at) => {
        const counted = counts[at];
        return (
          <Link
            key={view.id}
            className="view"
            aria-current={isHere(view) ? 'page' : undefined}
            to={{ pathname: view.screen, search: view.query }}
          >
            {view.name}{' '}
            {counted && (
              <b>
                {counted.count.toLocaleString()}
                {counted.isMinimum ? '+' : ''}
              </b>
            )}
          </Link>
        );
      })}
      <button
        type="button"
        className="quiet"
        disabled={isFull}
        title={isFull ? t('viewsFull', { n: MOST_VIEWS }) : undefined}
        onClick={() => open('save')}
      >
        {t('saveView')}
      </button>
      {views.length > 0 && (
        <button type="button" className="quiet" onClick={() => open('arrange')}>
          {t('arrangeViews')}
        </button>
      )}
      {dialog === 'save' && (
        <SaveView
          onClose={() => open(null)}
          onSave={(name) => change((all) => [...all, { id: crypto.randomUUID(), screen: pathname, name, query: here }])}
        />
      )}
      {dialog === 'arrange' && <ArrangeViews views={views} onClose={() => open(null)} onSave={change} />}
    </nav>
  );
}
