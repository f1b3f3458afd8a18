import { LockMode } from '@mikro-orm/core';
import { sql } from 'kysely';
import type { Em } from '../database.ts';
import { anyOf } from '../lists.ts';
import { build, type Query } from '../statement.ts';
import { type SavedView, SavedViewsEntity } from '../tables/caller.ts';

/** Keeps the name of a person; writes nothing where it is known already. */
export const noteName = (query: Query, sub: string, name: string) =>
  query(
    build
      .insertInto('caller_names')
      .values({ sub, name })
      .onConflict((known) =>
        known.column('sub').doUpdateSet({ name, seen_at: sql`now()` }).where('caller_names.name', '<>', name),
      ),
  );

/** Beside a `by`; null = a machine, or a person who has not signed in with a name. */
export interface Named {
  byName: string | null;
}

/** The names of these people, by `sub`. Machines and people who never signed in with a name have none. */
export async function namesOf(query: Query, subs: Iterable<string | null>): Promise<Map<string, string>> {
  const asked = [...new Set(subs)].filter((sub) => sub !== null);
  if (asked.length === 0) return new Map();
  const rows = await query(build.selectFrom('caller_names').select(['sub', 'name']).where('sub', '=', anyOf(asked)));
  return new Map(rows.map(({ sub, name }) => [sub, name]));
}

/** The same entries, each with the name of who made it. */
export async function withNames<Entry extends { by: string }>(query: Query, entries: Entry[]): Promise<(Entry & Named)[]> {
  const names = await namesOf(
    query,
    entries.map(({ by }) => by),
  );
  return entries.map((entry) => ({ ...entry, byName: names.get(entry.by) ?? null }));
}

/** Saved views with the revision that a change of them must name; 0 = none were saved yet. */
export interface KeptViews {
  views: SavedView[];
  revision: number;
}

export async function findViews(em: Em, sub: string): Promise<KeptViews> {
  const kept = await em.findOne(SavedViewsEntity, { sub });
  return { views: kept?.views ?? [], revision: kept?.revision ?? 0 };
}

/** Replaces all views of a person. Null = they are not at this revision any more. */
export async function saveViews(em: Em, query: Query, sub: string, { views, revision }: KeptViews): Promise<KeptViews | null> {
  // The first time there is no row to lock yet, so two first changes at once would both find none.
  await query(sql`select pg_advisory_xact_lock(${VIEWS_LOCK}, hashtext(${sub}))`);
  const kept = await em.findOne(SavedViewsEntity, { sub }, { lockMode: LockMode.PESSIMISTIC_WRITE });
  if ((kept?.revision ?? 0) !== revision) return null;
  const next = { views, revision: revision + 1 };
  if (kept) em.assign(kept, { ...next, updatedAt: new Date() });
  else em.create(SavedViewsEntity, { sub, ...next });
  await em.flush();
  return next;
}

/** Together with a hash of the person. */
const VIEWS_LOCK = 8_003;
