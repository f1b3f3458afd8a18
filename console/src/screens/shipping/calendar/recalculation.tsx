import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, get, type Schemas } from '../../../api/api.ts';
import { CallDialog } from '../../../commands/form.tsx';
import { useMay } from '../../../list/parts.tsx';
import { exactly } from '../../../ui/figures.ts';
import { t } from '../../../ui/texts.ts';

const PATH = '/api/bo/v1/calendar/recalculate';
const RUNNING_MS = 1_000;
const IDLE_MS = 15_000;

/** Reckons the days of what has not left yet by the calendar as it is now, and says how far that is. */
export function Recalculation({ placeNo, nameOf }: { placeNo: number | undefined; nameOf: (placeNo: number | null) => string }) {
  const may = useMay();
  const [isAsked, setAsked] = useState(false);
  const { data } = useQuery({
    queryKey: [PATH],
    queryFn: () => get(api.GET(PATH)),
    refetchInterval: ({ state }) => (state.data?.state === 'running' ? RUNNING_MS : IDLE_MS),
  });
  const isRunning = data?.state === 'running';
  return (
    <div className="recalculation" role="status">
      {may('policy.write') && (
        <button type="button" className="primary" disabled={isRunning} onClick={() => setAsked(true)}>
          {t('recalculate')}
        </button>
      )}
      {data && <Said last={data} nameOf={nameOf} />}
      {isAsked && (
        <CallDialog
          title={`${t('recalculate')} · ${nameOf(placeNo ?? null)}`}
          submit={t('recalculate')}
          call={() => ({ method: 'POST', path: PATH, body: placeNo === undefined ? {} : { placeNo } })}
          reads={[PATH]}
          onClose={() => setAsked(false)}
        >
          <p>{t('recalculateAsk')}</p>
        </CallDialog>
      )}
    </div>
  );
}

type Last = Schemas['Recalculation'];

function Said({ last, nameOf }: { last: Last; nameOf: (placeNo: number | null) => string }) {
  const { state, placeNo, examined, changed, startedAt, endedAt, by, byName } = last;
  if (startedAt === null) return <span className="muted">{t('neverRecalculated')}</span>;
  const at = exactly(endedAt ?? startedAt);
  return (
    <span data-state={state}>
      {state === 'running' && <progress aria-label={t('recalculate')} />}{' '}
      {t(state === 'running' ? 'recalculating' : 'recalculated', { examined, changed })}{' '}
      <span className="muted">{t('recalculatedBy', { place: nameOf(placeNo), at, by: byName ?? by ?? '' })}</span>
    </span>
  );
}
