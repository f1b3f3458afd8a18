import { problemText } from '../../../ui/problem-texts.ts';
import { t } from '../../../ui/texts.ts';
import type { BatchResults } from './batch.ts';

/** The lines that a batch has refused, each with why. */
export function RefusedLines({ results }: { results: BatchResults['results'] }) {
  const refused = results.filter(({ ok }) => !ok);
  if (refused.length === 0) return null;
  return (
    <div className="note bad" role="alert">
      {t('notInBatch', { n: refused.length })}
      <ul className="failures">
        {refused.map(({ deliveryNo, lineNo, error, workBatchNo }) => (
          <li key={`${deliveryNo}/${lineNo}`}>
            <code>
              {deliveryNo}/{lineNo}
            </code>{' '}
            {error && problemText(error.code, error.title)} {workBatchNo && t('workBatchOf', { no: String(workBatchNo) })}
          </li>
        ))}
      </ul>
    </div>
  );
}
