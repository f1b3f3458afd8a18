import { Dialog as Base } from 'radix-ui';
import { useState } from 'react';
import { sentenceOf } from '../api/sentences.ts';
import { oidcSignIn, signOut, takePersonaToken } from '../api/session.ts';
import { useSession } from '../list/parts.tsx';
import { switchLanguage } from '../ui/language.ts';
import { named, t } from '../ui/texts.ts';
import { Losing } from './leaving.tsx';

/** Shown instead of the screens; the address keeps screen and filters. */
export function SignIn() {
  const { status, settings } = useSession();
  if (status === 'starting') return <div className="sign-in muted">{t('loading')}</div>;
  return (
    <main className="sign-in">
      <div className="sign-in-card">
        <h1>{t('title')}</h1>
        {status === 'unreachable' && <p role="alert">{t('unreachableAtStart')}</p>}
        {settings?.signIn === 'none' && <p role="alert">{t('noSignIn')}</p>}
        <Ways />
        <button type="button" className="quiet" onClick={switchLanguage}>
          {t('language')}
        </button>
      </div>
    </main>
  );
}

/** Covers a screen whose session has expired; nothing that was typed into the screen is lost. */
export function SignInAgain() {
  const { name } = useSession();
  return (
    <Base.Root open>
      <Base.Portal>
        <Base.Content
          className="sign-in over"
          aria-describedby={undefined}
          onEscapeKeyDown={(event) => event.preventDefault()}
          onInteractOutside={(event) => event.preventDefault()}
        >
          <div className="sign-in-card">
            <Base.Title className="dialog-title">{t('title')}</Base.Title>
            <p role="alert">{t('expired', { name })}</p>
            <Ways />
            <Losing says="otherForgets" />
            <button type="button" className="quiet" onClick={() => void signOut()}>
              {t('signOut')}
            </button>
          </div>
        </Base.Content>
      </Base.Portal>
    </Base.Root>
  );
}

/** The available ways to sign in, and why the last attempt failed. */
function Ways() {
  const { settings, trouble } = useSession();
  const [failed, setFailed] = useState<Error | null>(null);
  return (
    <>
      {settings?.signIn === 'persona' && (
        <>
          <p>{t('choosePersona')}</p>
          <div className="personas">
            {settings.personas.map(({ id, name }) => (
              <button key={id} type="button" data-persona={id} onClick={() => takePersonaToken(id).catch(setFailed)}>
                <b>{named('persona', id)}</b> <span className="muted">{name}</span>
                <small className="muted">{named('personaMay', id)}</small>
              </button>
            ))}
          </div>
          <p className="muted small">{t('personaNote')}</p>
        </>
      )}
      {settings?.signIn === 'oidc' && (
        <>
          <p>{t('oidcNote')}</p>
          <button type="button" className="primary" onClick={() => void oidcSignIn()}>
            {t('signIn')}
          </button>
        </>
      )}
      {(trouble || failed) && <p role="alert">{trouble ?? (failed && sentenceOf(failed))}</p>}
    </>
  );
}
