import { useSyncExternalStore } from 'react';

export type Language = 'ko' | 'en';

const REMEMBERED = 'console.language';
let language: Language = localStorage.getItem(REMEMBERED) === 'en' ? 'en' : 'ko';
document.documentElement.lang = language;
const listeners = new Set<() => void>();

export function switchLanguage(): void {
  language = language === 'ko' ? 'en' : 'ko';
  localStorage.setItem(REMEMBERED, language);
  document.documentElement.lang = language;
  for (const listener of listeners) listener();
}

export const useLanguage = (): Language =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => language,
  );

export const languageNow = (): Language => language;

/** The value for the current language. */
export const inLanguage = <T>(either: Record<'ko' | 'en', T>): T => either[language];
