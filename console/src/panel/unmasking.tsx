import { useEffect, useState } from 'react';
import { useMay, useSession } from '../list/parts.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { t } from '../ui/texts.ts';

/** For details: every unmasked answer writes an access row, so it is requested only once, and dropped when it is closed. */
export const askedOnce = { staleTime: Number.POSITIVE_INFINITY, gcTime: 0 };

/** Masked until the user gives a reason, which is kept while this detail is open. */
export function useUnmasking() {
  const [reason, setReason] = useState<string | null>(null);
  const { status } = useSession();
  // The next user has not given a reason.
  useEffect(() => {
    if (status === 'expired') setReason(null);
  }, [status]);
  return { query: reason === null ? { masked: 'true' as const } : { reason }, give: setReason };
}

/** Shows whether personal data are masked here, and offers unmasking to users who may do it. */
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
