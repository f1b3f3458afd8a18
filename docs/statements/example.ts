import type { CompiledQuery } from 'kysely';
import { compile, type Query, type Statement } from '../../db/statement.ts';

/** A list of `db/` as it is asked: db/statements.sql shows its SQL, and test/structure/statements.test.ts explains it. */
export interface Example {
  /** The file and the function: `db/deliveries/list.ts findLines`. */
  of: string;
  what: string;
  run: (query: Query) => Promise<unknown>;
  /** By which its rows are found when the tables are large. */
  indexes: string[];
}

/** The statements that an example sends where PostgreSQL answers nothing. */
export async function statementsOf({ run }: Example): Promise<CompiledQuery<unknown>[]> {
  const sent: CompiledQuery<unknown>[] = [];
  const note = async (statement: Statement<unknown>) => {
    sent.push(compile(statement));
    return [];
  };
  await run(note as Query);
  return sent;
}
