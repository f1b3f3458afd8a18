import { Migration } from '@mikro-orm/migrations';

/** Names and saved views of those who work with the console, and what waits in a state by the date it has waited since. */
export class Migration20261128120000 extends Migration {
  override up(): void {
    this.addSql(
      'create table caller_names (sub text primary key, name text not null, seen_at timestamptz not null default now())',
    );
    this.addSql(`create table saved_views (sub text primary key, views jsonb not null, revision integer not null,
      updated_at timestamptz not null default now(), constraint saved_views_revision_check check (revision >= 1))`);
    // Only lines that are in the state now, so each is small however many lines have passed through it.
    const waiting = [
      ['instructed', 'instructed_at'],
      ['released', 'released_at'],
      ['awaitingShipment', 'released_at'],
      ['shipped', 'shipped_at'],
    ] as const;
    for (const [state, date] of waiting)
      this.addSql(`create index delivery_lines_now_${snake(state)} on delivery_lines (${date}, delivery_no, line_no)
        where valid_quantity > 0 and state <> 'canceled' and state = '${state}'`);
    for (const state of ['instructed', 'confirmed'])
      this.addSql(`create index pickups_now_${state} on pickups (${state}_at, pickup_no) where state = '${state}'`);
  }

  override down(): void {
    for (const state of ['confirmed', 'instructed']) this.addSql(`drop index pickups_now_${state}`);
    for (const state of ['shipped', 'awaitingShipment', 'released', 'instructed'])
      this.addSql(`drop index delivery_lines_now_${snake(state)}`);
    this.addSql('drop table saved_views');
    this.addSql('drop table caller_names');
  }
}

const snake = (state: string) => state.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
