import {
  AssemblyMaterialEntity,
  AssemblyPlanEntity,
  AssemblyPlanHistoryEntity,
  AssemblyPlanMaterialEntity,
  AssemblyProductEntity,
} from './tables/assembly.ts';
import { BulkShipmentEntity, BulkShipmentRowEntity, BulkUploadEntity, CommandPaceEntity } from './tables/bulk-shipment.ts';
import { CallerNameEntity, PersonalDataAccessEntity, SavedViewsEntity } from './tables/caller.ts';
import { DeliveryHistoryEntity } from './tables/delivery-history.ts';
import { DeliveryLineEntity } from './tables/delivery-line.ts';
import { CalendarDayEntity, CalendarRecalculationEntity, CalendarWeekEntity, DispatchPolicyEntity } from './tables/dispatch.ts';
import { EventEntity, EventHeadEntity } from './tables/events/event.ts';
import { NoticeEntity, NoticeHeadEntity, NoticeRuleEntity } from './tables/events/notice.ts';
import { WebhookDeliveryEntity, WebhookEntity, WebhookLineEntity, WebhookReplayEntity } from './tables/events/webhook.ts';
import { DeliveryEntity, OrderEntity, OrderLineEntity, ProductNameEntity } from './tables/order.ts';
import { PrintEntity } from './tables/packing/print.ts';
import { VerificationEntity, VerificationScanEntity } from './tables/packing/verification.ts';
import { WorkBatchEntity, WorkBatchLineEntity } from './tables/packing/work-batch.ts';
import { ClaimEntity, PickupEntity, PickupExchangeEntity, PickupHistoryEntity, PickupItemEntity } from './tables/pickup.ts';
import { RequestEntity } from './tables/request.ts';
import { ShippingChangeEntity, ShippingPlaceEntity, ShippingPolicyEntity } from './tables/shipping.ts';
import { ShippingProductEntity, StockLedgerEntity } from './tables/stock.ts';
import {
  BatchPauseEntity,
  BatchRunEntity,
  TrackingExceptionEntity,
  TrackingJournalEntity,
  TrackingQuestionsEntity,
} from './tables/tracking.ts';
import { WaybillEntity, WaybillRangeEntity, WaybillRegistrationEntity } from './tables/waybill.ts';
import { WorkerEntity, WorkflowQuarantineEntity } from './tables/worker.ts';

/** Every table, complete: the schema in TypeScript (test/structure/schema.test.ts). */
export const entities = [
  OrderEntity,
  OrderLineEntity,
  ProductNameEntity,
  DeliveryEntity,
  DeliveryLineEntity,
  DeliveryHistoryEntity,
  ClaimEntity,
  PickupEntity,
  PickupItemEntity,
  PickupExchangeEntity,
  PickupHistoryEntity,
  RequestEntity,
  WaybillEntity,
  WaybillRangeEntity,
  WaybillRegistrationEntity,
  TrackingJournalEntity,
  TrackingExceptionEntity,
  TrackingQuestionsEntity,
  BatchRunEntity,
  BatchPauseEntity,
  PersonalDataAccessEntity,
  CallerNameEntity,
  SavedViewsEntity,
  WorkerEntity,
  WorkflowQuarantineEntity,
  DispatchPolicyEntity,
  CalendarDayEntity,
  CalendarWeekEntity,
  CalendarRecalculationEntity,
  ShippingPlaceEntity,
  ShippingPolicyEntity,
  ShippingChangeEntity,
  BulkUploadEntity,
  BulkShipmentEntity,
  BulkShipmentRowEntity,
  CommandPaceEntity,
  ShippingProductEntity,
  StockLedgerEntity,
  AssemblyProductEntity,
  AssemblyMaterialEntity,
  AssemblyPlanEntity,
  AssemblyPlanMaterialEntity,
  AssemblyPlanHistoryEntity,
  EventEntity,
  EventHeadEntity,
  WebhookEntity,
  WebhookDeliveryEntity,
  WebhookLineEntity,
  WebhookReplayEntity,
  NoticeRuleEntity,
  NoticeEntity,
  NoticeHeadEntity,
  PrintEntity,
  WorkBatchEntity,
  WorkBatchLineEntity,
  VerificationEntity,
  VerificationScanEntity,
] as const;
