import { problemText } from '../ui/problem-texts.ts';
import { named, t } from '../ui/texts.ts';
import { ApiError } from './api.ts';

/** What went wrong, as a sentence for whoever works here: what is missing, or what to tell those who can help. */
export function sentenceOf(error: Error): string {
  if (!(error instanceof ApiError)) return error.message;
  const { status, code, message, permission, requestId } = error;
  if (status === 0) return t('unreachable');
  if (status === 403 && permission)
    return t('needsPermission', { permission: `${named('permission', permission)} (${permission})` });
  const text = problemText(code, message);
  if (status < 500) return text;
  return [text, requestId && t('requestId', { id: requestId })].filter(Boolean).join(' ');
}
