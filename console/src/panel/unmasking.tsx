import { useEffect, useState } from 'react';
import { useMay, useSession } from '../list/parts.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { t } from '../ui/texts.ts';

/** Of a detail: every unmasked answer is an entry in the log, so it is asked once, and kept no longer than it is looked at. */
export const askedOnce = { staleTime: Number.POSITIVE_INFINITY, gcTime: 0 };

/** Masked until somebody says why not; `reason` is theirs, for as long as this detail is open. */
export function useUnmasking() {
  const [reason, setReason] = useState<string | null>(null);
  const { status } = useSession();
  // Whoever signs in next has given no reason.
  useEffect(() => {
    if (status === 'expired') setReason(null);
  }, [status]);
  return { query: reason === null ? { masked: 'true' as const } : { reason }, give: setReason };
}

/** Says whether people are masked here, and offers to unmask them to those who may. */
export function Masking({ masked, unmasking }: { masked: boolean; unmasking: ReturnType<typeof useUnmasking> }) {
  const may = useMay();
  const [isAsking, setAsking] = useState(false);
  return (
    <div className="masking">
      <span className="muted">{masked ? t('masked') : t('unmasked')}</span>
      {masked && may('pii.read') && (
        <button type="button" onClick={() => setAsking(true)}>
          {t('unmask')}
        </button>
      )}
      {!masked && (
        <button type="button" onClick={() => unmasking.give(null)}>
          {t('maskAgain')}
        </button>
      )}
      {isAsking && <Why onGiven={unmasking.give} onClose={() => setAsking(false)} />}
    </div>
  );
}

function Why({ onGiven, onClose }: { onGiven: (reason: string) => void; onClose: () => void }) {
  const [typed, setTyped] = useState('');
  return (
    <Dialog
      title={t('unmask')}
      submit={t('unmask')}
      disabled={typed.trim() === ''}
      onClose={onClose}
      onSubmit={() => {
        onGiven(typed.trim());
        onClose();
      }}
    >
      <p>{t('unmaskNote')}</p>
      <label className="field">
        {t('reason')}
        <input
          name="reason"
          value={typed}
          maxLength={200}
          onChange={(event) => setTyped(event.target.value)}
          placeholder={t('reasonNeeded')}
        />
      </label>
    </Dialog>
  );
}
