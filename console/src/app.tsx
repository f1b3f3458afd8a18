import { useEffect, useState, useSyncExternalStore } from 'react';
import { NavLink, Route, Routes, useLocation, useNavigate } from 'react-router';
import { Boundary } from './boundary.tsx';
import { Dialog } from './dialog.tsx';
import { useFollowJobs } from './list.ts';
import { Panel } from './panel.tsx';
import { useSession } from './parts.tsx';
import { Results } from './results.tsx';
import { screens } from './screens.tsx';
import { signOut } from './session.ts';
import { SignIn } from './sign-in.tsx';
import { switchLanguage, t, useLanguage } from './texts.ts';

const online = {
  subscribe: (listener: () => void) => {
    for (const name of ['online', 'offline']) addEventListener(name, listener);
    return () => {
      for (const name of ['online', 'offline']) removeEventListener(name, listener);
    };
  },
  get: () => navigator.onLine,
};

const isTyping = (target: EventTarget | null) => target instanceof Element && target.closest('input, select, textarea') !== null;

export function App() {
  const language = useLanguage();
  const { status, name, permissions } = useSession();
  const isOnline = useSyncExternalStore(online.subscribe, online.get);
  const [help, setHelp] = useState(false);
  const navigate = useNavigate();
  const { pathname } = useLocation();
  useFollowJobs();
  const open = screens.filter(({ needs }) => needs === null || permissions.has(needs));

  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (document.querySelector('[role=dialog]')) return;
      if (event.altKey && /^[1-9]$/.test(event.key)) {
        const tab = document.querySelectorAll<HTMLElement>('[role=tab]')[Number(event.key) - 1];
        if (tab) event.preventDefault();
        tab?.click();
      }
      if (isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === '/') {
        event.preventDefault();
        document.querySelector<HTMLElement>('.filters input')?.focus();
      }
      if (event.key === 'l') document.querySelector<HTMLElement>('.ag-row .ag-cell')?.focus();
      if (event.key === '?') setHelp(true);
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, []);

  if (status !== 'signedIn') return <SignIn key={language} />;
  const current = screens.find(({ path }) => (path === '/' ? pathname === '/' : pathname.startsWith(path)));
  return (
    <div className="shell" key={language}>
      <nav className="menu" aria-label={t('title')}>
        <div className="brand">{t('title')}</div>
        {open.map(({ path, title }) => (
          <NavLink key={path} to={path} end={path === '/'}>
            {t(title)}
          </NavLink>
        ))}
        <span className="spread" />
        <div className="who">{name}</div>
        <button type="button" onClick={() => setHelp(true)}>
          {t('help')} <kbd>?</kbd>
        </button>
        <button type="button" onClick={switchLanguage}>
          {t('language')}
        </button>
        <button
          type="button"
          onClick={() => {
            signOut();
            void navigate('/');
          }}
        >
          {t('signOut')}
        </button>
      </nav>
      <div className="work">
        {!isOnline && (
          <div className="offline" role="status">
            {t('offline')}
          </div>
        )}
        <main className="screen">
          {current?.needs && !permissions.has(current.needs) ? (
            <div className="trouble" role="alert">
              {t('noPermission')}
            </div>
          ) : (
            <Routes>
              {screens.map(({ path, Screen }) => (
                <Route
                  key={path}
                  path={path === '/' ? path : `${path}/*`}
                  element={
                    <Boundary key={path}>
                      <Screen />
                    </Boundary>
                  }
                />
              ))}
              <Route path="*" element={<div className="trouble">{t('notFound')}</div>} />
            </Routes>
          )}
        </main>
        <Results />
      </div>
      <Panel />
      {help && <Help onClose={() => setHelp(false)} />}
    </div>
  );
}

function Help({ onClose }: { onClose: () => void }) {
  const keys = [
    ['/', 'help./'],
    ['L', 'help.g'],
    ['Space · Shift', 'help.space'],
    ['Enter', 'help.enter'],
    ['Ctrl + Enter', 'help.ctrl'],
    ['Alt + 1…6', 'help.alt'],
    ['Esc', 'help.esc'],
  ] as const;
  return (
    <Dialog title={t('help')} onClose={onClose}>
      <dl className="keys">
        {keys.map(([key, text]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{t(text)}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
