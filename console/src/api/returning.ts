/** Where the company's sign-in leads back to. */
export const CALLBACK = '/signed-in';
const BACK = 'console.back';

/** Before the page is left for the sign-in: the screen, its filters and its panel are to be there again. */
export function rememberScreen(): void {
  sessionStorage.setItem(BACK, location.pathname + location.search);
}

/**
 * Puts the address of the screen back before anything reads it, so that a code is neither shown nor kept in the history; the address
 * that the sign-in answered to, null = this is no answer.
 */
export function takeAnswer(): string | null {
  if (location.pathname !== CALLBACK) return null;
  const answer = location.href;
  const back = sessionStorage.getItem(BACK) ?? '/';
  history.replaceState(null, '', /^\/(?![/\\])/.test(back) ? back : '/');
  return answer;
}
