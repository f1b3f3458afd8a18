import { useState } from 'react';
import { Trouble, useSession } from './parts.tsx';
import { oidcSignIn, startSession, takePersonaToken } from './session.ts';
import { named, switchLanguage, t } from './texts.ts';

/** Stands where the screen was; the address, and with it screen and filters, stays. */
export function SignIn() {
  const { status, settings } = useSession();
  const [trouble, setTrouble] = useState<Error | null>(null);
  if (status === 'starting') return <div className="sign-in muted">{t('loading')}</div>;
  return (
    <main className="sign-in">
      <div className="sign-in-card">
        <h1>{t('title')}</h1>
        {status === 'unreachable' && <p role="alert">{t('unreachable')}</p>}
        {status === 'unreachable' && (
          <button type="button" className="primary" onClick={() => void startSession()}>
            {t('again')}
          </button>
        )}
        {status === 'expired' && <p role="alert">{t('expired')}</p>}
        {settings?.signIn === 'persona' && <p>{t('choosePersona')}</p>}
        <div className="personas">
          {settings?.personas.map(({ id, name }) => (
            <button key={id} type="button" data-persona={id} onClick={() => takePersonaToken(id).catch(setTrouble)}>
              <b>{named('persona', id)}</b> <span className="muted">{name}</span>
            </button>
          ))}
        </div>
        {settings?.signIn === 'persona' && <p className="muted small">{t('personaNote')}</p>}
        {settings?.signIn === 'oidc' && (
          <>
            <p>{t('oidcNote')}</p>
            <button type="button" className="primary" onClick={() => void oidcSignIn().catch(setTrouble)}>
              {t('signIn')}
            </button>
          </>
        )}
        {settings?.signIn === 'none' && <p role="alert">{t('noSignIn')}</p>}
        {trouble && <Trouble error={trouble} />}
        <button type="button" className="quiet" onClick={switchLanguage}>
          {t('language')}
        </button>
      </div>
    </main>
  );
}
