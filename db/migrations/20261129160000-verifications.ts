import { Migration } from '@mikro-orm/migrations';

/** Verification (검품): barcodes of products, parcels that are being scanned, and each scan by its own id. */
export class Migration20261129160000 extends Migration {
  override up(): void {
    this.addSql('alter table shipping_products add column barcode text, add column barcode_asked_at timestamptz');
    this.addSql(`create table verifications (
      verification_id bigint generated always as identity primary key,
      delivery_no text,
      waybill_no text,
      owner text not null,
      owner_asked_at timestamptz not null,
      opened_at timestamptz not null default now(),
      completed_at timestamptz,
      closed_at timestamptz,
      constraint verifications_parcel check ((delivery_no is null) <> (waybill_no is null))
    )`);
    this.addSql('create unique index verifications_open_delivery on verifications (delivery_no) where closed_at is null');
    this.addSql('create unique index verifications_open_waybill on verifications (waybill_no) where closed_at is null');
    this.addSql('create index verifications_owner on verifications (owner, verification_id) where closed_at is null');
    this.addSql(`create table verification_scans (
      verification_id bigint not null references verifications,
      scan_id text not null,
      at timestamptz not null default now(),
      by text not null,
      barcode text not null,
      delivery_no text,
      line_no integer,
      refused text,
      primary key (verification_id, scan_id),
      constraint verification_scans_outcome check ((line_no is null) = (refused is not null))
    )`);
  }

  override down(): void {
    this.addSql('drop table verification_scans');
    this.addSql('drop table verifications');
    this.addSql('alter table shipping_products drop column barcode_asked_at, drop column barcode');
  }
}
