import type { Schemas } from '../api/api.ts';
import { useSession } from '../list/parts.tsx';
import { exactly } from '../ui/figures.ts';
import { problemText } from '../ui/problem-texts.ts';
import { commandName, named, t } from '../ui/texts.ts';

interface Person {
  name: string | null;
  phone?: string | null;
  email?: string | null;
  zipCode?: string | null;
  zipCodeOld?: boolean | undefined;
  address1?: string | null;
  address2?: string | null;
  memo?: string | null;
}

export function People({ title, person }: { title: string; person: Person }) {
  const address = [person.zipCode, person.address1, person.address2].filter(Boolean).join(' ');
  return (
    <section className="person" aria-label={title}>
      <h3>{title}</h3>
      <div>
        <b>{person.name}</b> {person.phone} {person.email}
      </div>
      {address && <div>{address}</div>}
      {person.zipCodeOld && <div className="muted">{t('zipCodeOld')}</div>}
      {person.memo && <div className="muted">{person.memo}</div>}
    </section>
  );
}

type Entry = Pick<
  Schemas['HistoryEntry'],
  'at' | 'by' | 'byName' | 'command' | 'from' | 'to' | 'reason' | 'refused' | 'refusedTitle'
> & {
  lineNo?: number;
};

/** A person by name; machines have none. */
export const whoOf = ({ by = '', byName }: { by?: string | undefined; byName?: string | null | undefined }): string =>
  byName ?? named('machine', by);

/** What happened, newest first. */
export function Timeline({
  family,
  group,
  entries,
  many = false,
}: {
  family: string;
  group: 'state' | 'pstate';
  entries: Entry[];
  many?: boolean;
}) {
  return (
    <ol className="timeline" aria-label={t('history')}>
      {entries.toReversed().map((entry) => (
        <li key={`${entry.at} ${entry.lineNo} ${entry.command}`} className={entry.refused ? 'is-refused' : ''}>
          <time dateTime={entry.at}>{exactly(entry.at)}</time>
          <b>
            {many && entry.lineNo ? `${entry.lineNo}. ` : ''}
            {commandName(family, entry.command)}
          </b>{' '}
          {entry.refused ? (
            <span className="red">
              {t('refused')}: {problemText(entry.refused, entry.refusedTitle ?? entry.refused)}
            </span>
          ) : (
            entry.from !== entry.to && (
              <span>
                {entry.from ? `${named(group, entry.from)} → ` : ''}
                {named(group, entry.to)}
              </span>
            )
          )}{' '}
          <span className="muted">{whoOf(entry)}</span>
          {entry.reason && <div className="muted">“{entry.reason}”</div>}
        </li>
      ))}
    </ol>
  );
}

export function Tracking({ entries }: { entries: Schemas['TrackingEntry'][] }) {
  if (entries.length === 0) return <p className="muted">{t('noTracking')}</p>;
  return (
    <ol className="timeline" aria-label={t('tracking')}>
      {entries.map((entry) => (
        <li key={`${entry.waybillNo} ${entry.level} ${entry.at}`}>
          <time dateTime={entry.at ?? undefined}>{exactly(entry.at)}</time>
          <b>{named('level', entry.level)}</b> {entry.where} <span className="muted">{entry.details}</span>{' '}
          <code>{entry.waybillNo}</code>
        </li>
      ))}
    </ol>
  );
}

export function WorkflowLink({ id }: { id: string }) {
  const { settings } = useSession();
  if (!settings?.temporalUiUrl) return null;
  const href = `${settings.temporalUiUrl}/namespaces/${settings.temporalNamespace}/workflows/${encodeURIComponent(id)}`;
  return (
    <a className="link small" href={href} target="_blank" rel="noreferrer">
      {t('workflow')} ↗
    </a>
  );
}
