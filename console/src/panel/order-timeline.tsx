import { useQuery } from '@tanstack/react-query';
import { api, get, type Schemas } from '../api/api.ts';
import { Trouble } from '../list/parts.tsx';
import { exactly } from '../ui/figures.ts';
import { problemText } from '../ui/problem-texts.ts';
import { commandName, named, t } from '../ui/texts.ts';
import { NumberLink } from './number-link.tsx';
import { whoOf } from './panel-parts.tsx';
import { askedOnce } from './unmasking.tsx';

type Entry = Schemas['OrderTimelineEntry'];

/** All that happened to an order: what people and machines did, and where its parcels were, newest first. */
export function OrderTimeline({ orderNo }: { orderNo: string }) {
  const { data, error, refetch } = useQuery({
    queryKey: ['detail', 'timeline', orderNo],
    queryFn: () => get(api.GET('/api/order/v1/orders/{orderNo}/timeline', { params: { path: { orderNo } } })),
    ...askedOnce,
  });
  if (error && !data) return <Trouble error={error} again={() => void refetch()} />;
  if (!data) return <p className="muted">{t('loading')}</p>;
  return (
    <>
      <ol className="timeline" aria-label={t('timeline')}>
        {data.items.map((entry, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: two entries may be alike in everything, and none is moved
          <li key={`${entry.at} ${at}`} className={entry.refused ? 'is-refused' : ''} data-kind={entry.kind}>
            <time dateTime={entry.at}>{exactly(entry.at)}</time>
            {entry.kind === 'tracking' ? <Scan entry={entry} /> : <Act entry={entry} />} <Whose entry={entry} />
            {entry.reason && <div className="muted">“{entry.reason}”</div>}
          </li>
        ))}
      </ol>
      {data.truncated && <p className="muted">{t('timelineTruncated', { n: data.items.length })}</p>}
    </>
  );
}

function Scan({ entry }: { entry: Entry }) {
  return (
    <>
      <b>{named('level', entry.level)}</b> {entry.where} <span className="muted">{entry.details}</span>{' '}
      <code>{entry.waybillNo}</code>
    </>
  );
}

function Act({ entry }: { entry: Entry }) {
  const { command = '', from, to, refused, refusedTitle, by, byName } = entry;
  const group = entry.pickupNo ? 'pstate' : 'state';
  return (
    <>
      <b>{commandName(entry.pickupNo ? 'pickups' : 'delivery-lines', command)}</b>{' '}
      {refused ? (
        <span className="red">
          {t('refused')}: {problemText(refused, refusedTitle ?? refused)}
        </span>
      ) : (
        from !== to && (
          <span>
            {from ? `${named(group, from)} → ` : ''}
            {named(group, to)}
          </span>
        )
      )}{' '}
      <span className="muted">{whoOf({ by, byName })}</span>
    </>
  );
}

/** Which delivery's line or which pickup it was. */
function Whose({ entry }: { entry: Entry }) {
  const { pickupNo, deliveryNo, lineNo } = entry;
  if (pickupNo) return <NumberLink kind="pickup" no={pickupNo} />;
  if (!deliveryNo) return null;
  return (
    <>
      <NumberLink kind="delivery" no={deliveryNo} />
      {lineNo !== undefined && <span className="muted">/{lineNo}</span>}
    </>
  );
}
