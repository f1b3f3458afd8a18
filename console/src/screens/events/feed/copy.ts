import { toast } from 'sonner';
import { t } from '../../../ui/texts.ts';

/** Copies a text and says whether that went well. */
export const copy = (text: string): void =>
  void navigator.clipboard.writeText(text).then(
    () => toast.success(t('copied')),
    () => toast.error(t('notCopied')),
  );
