import { useEffect, useState } from 'react';
import { getJobs, isOpen } from '../api/jobs.ts';
import { isAway } from '../api/returning.ts';
import { getSession, signOut } from '../api/session.ts';
import { typedNow } from '../drafts/draft-store.ts';
import { inspectedNow } from '../inspection/inspections.ts';
import { Dialog } from '../ui/dialog.tsx';
import { t } from '../ui/texts.ts';

/** What this tab alone holds: it is gone with the tab, and with the person who typed it. */
const heldNow = () =>
  (
    [
      ['unsentTyped', typedNow()],
      ['unsentInspected', inspectedNow()],
      ['unsentJobs', getJobs().filter(isOpen).length],
    ] as const
  ).filter(([, n]) => n > 0);

/**
 * The browser asks before the tab is closed or left while something in it was not sent, or is being sent. It asks before a reload too,
 * which keeps everything: a page cannot tell the two apart.
 */
export function useAskedBeforeLeaving(): void {
  useEffect(() => {
    const ask = (event: BeforeUnloadEvent) => {
      const { status } = getSession();
      if (isAway() || (status !== 'signedIn' && status !== 'expired') || heldNow().length === 0) return;
      event.preventDefault();
    };
    addEventListener('beforeunload', ask);
    return () => removeEventListener('beforeunload', ask);
  }, []);
}

/** What is deleted when this person leaves; nothing where there is nothing. */
export function Losing({ says }: { says: 'signOutForgets' | 'otherForgets' }) {
  const [held] = useState(heldNow);
  if (held.length === 0) return null;
  return (
    <div className="note warn" data-note="losing">
      {t(says)}
      <ul className="some">
        {held.map(([text, n]) => (
          <li key={text}>{t(text, { n })}</li>
        ))}
      </ul>
    </div>
  );
}

/** Signs out at once, or asks first where something would be lost. */
export function SignOut() {
  const [isAsked, setAsked] = useState(false);
  return (
    <>
      <button type="button" onClick={() => (heldNow().length > 0 ? setAsked(true) : void signOut())}>
        {t('signOut')}
      </button>
      {isAsked && (
        <Dialog
          title={t('signOut')}
          submit={t('forgetAndSignOut')}
          danger
          onSubmit={() => void signOut()}
          onClose={() => setAsked(false)}
        >
          <Losing says="signOutForgets" />
        </Dialog>
      )}
    </>
  );
}
