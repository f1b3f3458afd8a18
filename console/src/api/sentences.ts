import { problemText } from '../ui/problem-texts.ts';
import { named, t } from '../ui/texts.ts';
import { ApiError } from './api.ts';

/** A user's explanation of an error: what is missing, or what to report to support. */
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
