import { useEffect, useState, useSyncExternalStore } from 'react';
import { Link, Route, Routes, useLocation } from 'react-router';
import { getConnection, onConnection } from '../api/connection.ts';
import { useFollowJobs } from '../list/follow.ts';
import { useSession } from '../list/parts.tsx';
import { Panel } from '../panel/panel.tsx';
import { Results, ResultsButton } from '../results/results.tsx';
import { Order } from '../screens/orders/order.tsx';
import { Search } from '../search/search.tsx';
import { Boundary } from '../ui/boundary.tsx';
import { goToList } from '../ui/focus-list.ts';
import { switchLanguage, useLanguage } from '../ui/language.ts';
import { openSearch } from '../ui/search-open.ts';
import { named, t } from '../ui/texts.ts';
import { Help } from './help.tsx';
import { SignOut, useAskedBeforeLeaving } from './leaving.tsx';
import { MenuButton } from './menu-button.tsx';
import { MenuEntries } from './menu-entries.tsx';
import { screens } from './screens.tsx';
import { SignIn, SignInAgain } from './sign-in.tsx';

const isTyping = (target: EventTarget | null) => target instanceof Element && target.closest('input, select, textarea') !== null;

export function App() {
  const language = useLanguage();
  const { status, name, permissions } = useSession();
  const connection = useSyncExternalStore(onConnection, getConnection);
  const [help, setHelp] = useState(false);
  const { pathname } = useLocation();
  useFollowJobs();
  useAskedBeforeLeaving();
  const open = screens.filter(({ needs }) => needs === null || permissions.has(needs));

  const current = screens.find(({ path }) => pathname === path || (path !== '/' && pathname.startsWith(`${path}/`)));

  useEffect(() => {
    document.title = [current && t(current.title), t('title')].filter(Boolean).join(' · ');
  });

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
      // By its place on the keyboard: with Hangul it types another letter.
      if (event.code === 'KeyL') goToList();
      if (event.key === '?') setHelp(true);
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, []);

  if (status !== 'signedIn' && status !== 'expired') return <SignIn key={language} />;
  return (
    <div className="shell" key={language}>
      <MenuButton title={t(current?.title ?? 'title')} menu="menu" />
      <nav className="menu" id="menu" aria-label={t('title')}>
        <div className="brand">{t('title')}</div>
        <button type="button" className="find-open" onClick={openSearch}>
          {t('find')} <kbd>Ctrl K</kbd>
        </button>
        <MenuEntries open={open} />
        <span className="spread" />
        <div className="who">{name}</div>
        <ResultsButton />
        <button type="button" onClick={() => setHelp(true)}>
          {t('help')} <kbd>?</kbd>
        </button>
        <button type="button" onClick={switchLanguage}>
          {t('language')}
        </button>
        <SignOut />
      </nav>
      <div className="work">
        {connection !== 'up' && (
          <div className="offline" role="status">
            {t(connection)}
          </div>
        )}
        <main className="screen">
          {current?.needs && !permissions.has(current.needs) ? (
            <div className="trouble" role="alert">
              <p>{t('noPermission')}</p>
              <p className="muted">
                {t('needsPermission', { permission: `${named('permission', current.needs)} (${current.needs})` })}
              </p>
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
              <Route
                path="/orders/:orderNo"
                element={
                  <Boundary key="order">
                    <Order />
                  </Boundary>
                }
              />
              <Route path="*" element={<NotFound />} />
            </Routes>
          )}
        </main>
        <Results />
      </div>
      <Panel />
      <Search screens={open} onHelp={() => setHelp(true)} />
      {status === 'expired' && <SignInAgain />}
      {help && <Help onClose={() => setHelp(false)} />}
    </div>
  );
}

function NotFound() {
  return (
    <div className="trouble" role="alert">
      <p>{t('notFound')}</p>
      <Link className="link" to="/">
        {t('home')}
      </Link>
    </div>
  );
}
