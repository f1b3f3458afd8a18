/** The path to which the company's sign-in redirects. */
export const CALLBACK = '/signed-in';
const BACK = 'console.back';
let isLeaving = false;

/** Whether the page is on its way to the sign-in, from which it comes back with everything that was typed. */
export const isAway = (): boolean => isLeaving;

/** Called before leaving for the sign-in, so that screen, filters and panel can be restored afterwards. */
export function rememberScreen(): void {
  isLeaving = true;
  sessionStorage.setItem(BACK, location.pathname + location.search);
}

/** The sign-in could not be reached: the page stays. */
export function stay(): void {
  isLeaving = false;
}

/**
 * Restores the screen's address before anything reads it, so that the code is neither shown nor kept in the history. Returns the
 * address that the sign-in redirected to; null = this is no such redirect.
 */
export function takeAnswer(): string | null {
  if (location.pathname !== CALLBACK) return null;
  const answer = location.href;
  const back = sessionStorage.getItem(BACK) ?? '/';
  history.replaceState(null, '', /^\/(?![/\\])/.test(back) ? back : '/');
  return answer;
}
