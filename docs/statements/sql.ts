import { format } from 'sql-formatter';
import { examples } from './all.ts';
import { statementsOf } from './example.ts';

const HEAD = `-- Written by \`npm run docs\` from docs/statements: every list statement, as it is sent, for the eyes of a reviewer.
-- $1, $2 … are bound values. test/structure/statements.test.ts fails when this file is stale.
`;

/** db/statements.sql. */
export async function statementsSql(): Promise<string> {
  const parts: string[] = [];
  for (const example of examples)
    for (const { sql } of await statementsOf(example))
      parts.push(
        `-- ${example.of}: ${example.what}\n${format(sql, { language: 'postgresql', expressionWidth: 110, keywordCase: 'lower' })};\n`,
      );
  return [HEAD, ...parts].join('\n');
}
