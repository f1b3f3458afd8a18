import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Schemas } from '../../api/api.ts';
import { useCall } from '../../api/calls.ts';
import { useStored } from '../../api/stored.ts';
import { Refusal, TextField } from '../../commands/form.tsx';
import { page } from '../../list/list.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { exactly } from '../../ui/figures.ts';
import { named, t } from '../../ui/texts.ts';

export const EXCEPTIONS = '/api/bo/v1/tracking-exceptions';
export type Exception = Schemas['TrackingException'];
/** `act` null: the exception is only shown. */
export interface Asked {
  row: Exception;
  act: 'resolve' | 'replay' | null;
}

const LOOK_MS = 500;
const LOOKS = 20;

/** The result of a replay: the relay judges the callback a moment after the request. */
async function outcomeOf(before: Exception): Promise<string> {
  for (let look = 0; look < LOOKS; look++) {
    const { items } = await page<Exception>(EXCEPTIONS, { waybillNo: before.waybillNo, limit: '200' });
    const now = items.find(({ id }) => id === before.id);
    if (now?.state === 'resolved') return t('replay.resolved');
    if (now && now.count > before.count) return t('replay.again', { n: now.count, why: now.reason });
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
  return t('replay.later');
}

/** One exception and its possible actions; after a replay it stays open to show the result. */
export function ExceptionDialog({
  asked: { row, act },
  mayAct,
  onAsk,
  onClose,
}: {
  asked: Asked;
  mayAct: boolean;
  onAsk: (asked: Asked) => void;
  onClose: () => void;
}) {
  const client = useQueryClient();
  const call = useCall(EXCEPTIONS, '/api/bo/v1/summary');
  const [reason, setReason] = useStored(`exception.${row.id}`, '');
  const [outcome, setOutcome] = useState<string | null>(null);
  const kind = named('exceptionKind', row.kind);
  const isOpen = row.state === 'open' && mayAct;
  const isWaiting = call.isPending || outcome === '';
  const send = (name: 'resolve' | 'replay') => {
    const body = reason.trim() ? { reason: reason.trim() } : {};
    call.mutate(
      { method: 'POST', path: `${EXCEPTIONS}/${row.id}/${name}`, body, what: t(name), atForm: true },
      {
        onSuccess: () => {
          setReason(() => '');
          if (name === 'resolve') return onClose();
          setOutcome('');
          void outcomeOf(row)
            .catch(() => t('replay.later'))
            .then((said) => {
              setOutcome(said);
              for (const path of [EXCEPTIONS, '/api/bo/v1/summary']) void client.invalidateQueries({ queryKey: [path] });
            });
        },
      },
    );
  };
  const submit = act !== null && outcome === null ? { submit: t(act), onSubmit: () => send(act), disabled: isWaiting } : {};
  return (
    <Dialog title={act ? `${t(act)} · ${kind}` : kind} onClose={onClose} {...submit}>
      <dl className="facts">
        {(
          [
            ['deliveryOrPickup', row.deliveryNo ?? row.pickupNo ?? row.fid],
            ['waybillNo', row.waybillNo],
            ['firstAt', exactly(row.firstAt)],
            ['lastAt', `${exactly(row.lastAt)} (${row.count})`],
            ['exceptionState', named('exception', row.state)],
            [
              'resolution',
              [row.resolution, row.resolvedByName ?? row.resolvedBy, exactly(row.resolvedAt)].filter(Boolean).join(' · '),
            ],
          ] as const
        ).map(([name, value]) => (
          <div key={name}>
            <dt>{t(name)}</dt>
            <dd>{value || '–'}</dd>
          </div>
        ))}
      </dl>
      <p>{row.reason}</p>
      {act === null && isOpen && (
        <div className="card-actions">
          {(['resolve', 'replay'] as const).map((each) => (
            <button key={each} type="button" onClick={() => onAsk({ row, act: each })}>
              {t(each)}
            </button>
          ))}
        </div>
      )}
      {act !== null && outcome === null && (
        <>
          <p className="note">{t(`ask.${act}`)}</p>
          <TextField label="reason" name="reason" value={reason} onChange={(text) => setReason(() => text)} />
        </>
      )}
      {outcome !== null && (
        <p className="note" role="status" data-outcome={outcome !== ''}>
          {outcome || t('replay.waits')}
        </p>
      )}
      <Refusal error={call.error} />
    </Dialog>
  );
}
