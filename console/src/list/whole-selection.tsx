import { useEffect, useRef, useState } from 'react';
import { toast } from 'sonner';
import { MOST_OF_JOB } from '../api/jobs.ts';
import { sentenceOf } from '../api/sentences.ts';
import type { useSelection, Whole } from '../grid/selection.ts';
import { when } from '../ui/figures.ts';
import { t } from '../ui/texts.ts';
import { type Params, readAll } from './list.ts';

const clock = (at: string) => when(at).slice(6);

interface WholeSelectionProps<Row> {
  selection: Pick<ReturnType<typeof useSelection<Row>>, 'picked' | 'isAll' | 'whole' | 'dropped' | 'pickWhole'>;
  path: string;
  params: Params;
  /** How many rows the filter means. */
  total: number | undefined;
  atLeast: boolean | undefined;
}

/** After all rows on the screen were selected: offers all that the filter means, reads them, and says as of when. */
export function WholeSelection<Row>({ selection, path, params, total, atLeast }: WholeSelectionProps<Row>) {
  const { picked, isAll, whole, dropped, pickWhole } = selection;
  const [read, setRead] = useState<number | null>(null);
  const reading = useRef({ isStopped: false });
  const scope = JSON.stringify([path, params]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is read for another filter must not be selected in this one
  useEffect(
    () => () => {
      reading.current.isStopped = true;
      setRead(null);
    },
    [scope],
  );
  const stop = () => {
    reading.current.isStopped = true;
    setRead(null);
  };
  const readThem = async () => {
    const own = { isStopped: false };
    reading.current = own;
    setRead(0);
    try {
      const onRead = (count: number) => own.isStopped || setRead(count);
      const { rows, isCut, asOf } = await readAll<Row>(path, params, MOST_OF_JOB, onRead, () => own.isStopped);
      if (!own.isStopped) pickWhole(rows, { at: asOf ?? new Date().toISOString(), isCut });
    } catch (error) {
      if (!own.isStopped && error instanceof Error) toast.error(t('wholeNotRead', { why: sentenceOf(error) }));
    }
    if (!own.isStopped) setRead(null);
  };

  if (read !== null)
    return (
      <span className="inline" role="status">
        <progress value={read} max={Math.min(total ?? MOST_OF_JOB, MOST_OF_JOB)} /> {t('readingWhole', { n: read })}
        <button type="button" className="quiet" onClick={stop}>
          {t('stopReading')}
        </button>
      </span>
    );
  if (whole)
    return (
      <span className="whole" role="status">
        {t(whole.isCut ? 'firstSelected' : 'wholeSelected', { n: picked.size, at: clock(whole.at) })}
      </span>
    );
  if (dropped)
    return (
      <b className="whole dropped" role="status">
        {t('wholeDropped', { n: dropped.count, at: clock(dropped.at) })}
      </b>
    );
  if (!isAll || total === undefined || (total <= picked.size && !atLeast)) return null;
  return (
    <span className="inline">
      <span className="muted">{t('onScreen', { n: picked.size })}</span>
      <button type="button" className="select-whole" onClick={() => void readThem()}>
        {atLeast || total > MOST_OF_JOB ? t('selectFirst', { n: MOST_OF_JOB }) : t('selectWhole', { n: total })}
      </button>
    </span>
  );
}

/** In a dialog: of when the rows are that the command will go to. */
export function WholeNote({ whole, count }: { whole: Whole | null; count: number }) {
  return whole && <p className="note">{t('wholeInDialog', { n: count, at: clock(whole.at) })}</p>;
}
