import { useEffect, useState } from 'react';
import { useLocation } from 'react-router';
import { t } from '../ui/texts.ts';

/** On a narrow window the menu is hidden behind this button; going somewhere hides it again. */
export function MenuButton({ title, menu }: { title: string; menu: string }) {
  const [isOpen, setOpen] = useState(false);
  const { pathname } = useLocation();
  // biome-ignore lint/correctness/useExhaustiveDependencies: every change of the screen hides the menu
  useEffect(() => setOpen(false), [pathname]);
  useEffect(() => {
    if (!isOpen) return;
    document.documentElement.dataset.menu = 'open';
    const press = ({ key }: KeyboardEvent) => key === 'Escape' && setOpen(false);
    addEventListener('keydown', press);
    return () => {
      delete document.documentElement.dataset.menu;
      removeEventListener('keydown', press);
    };
  }, [isOpen]);
  return (
    <div className="menu-bar">
      <button type="button" className="icon" aria-expanded={isOpen} aria-controls={menu} onClick={() => setOpen(!isOpen)}>
        <span aria-hidden="true">{isOpen ? '×' : '☰'}</span> <span className="hidden">{t('menu')}</span>
      </button>
      <b>{title}</b>
    </div>
  );
}
