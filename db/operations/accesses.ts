import { build, type Query } from '../statement.ts';

export interface Access {
  sub: string;
  ip: string;
  route: string;
  subject: string;
  /** All numbers, if the answer is about many. */
  subjects: string[] | null;
  fields: string[];
  reason: string | null;
}

/** Records who is about to see whose personal data (개인정보 접속기록). */
export const insertAccess = (query: Query, access: Access) => query(build.insertInto('personal_data_accesses').values(access));
