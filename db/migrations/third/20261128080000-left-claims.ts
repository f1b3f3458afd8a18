import { Migration } from '@mikro-orm/migrations';

/** Claims that were broken off between their reservations and their pickups can be found, and told from those being opened. */
export class Migration20261128080000 extends Migration {
  override up(): void {
    this.addSql('alter table claims add column driven_at timestamptz not null default now()');
    this.addSql("create index claims_unopened on claims (driven_at) where status <> 'open'");
  }

  override down(): void {
    this.addSql('drop index claims_unopened');
    this.addSql('alter table claims drop column driven_at');
  }
}
