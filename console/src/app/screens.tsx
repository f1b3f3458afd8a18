import type { ComponentType } from 'react';
import { Assembly } from '../screens/assembly/assembly.tsx';
import { Stockouts } from '../screens/assembly/stockouts.tsx';
import { Bulk } from '../screens/bulk-shipments/bulk.tsx';
import { Deliveries } from '../screens/deliveries/deliveries.tsx';
import { Lines } from '../screens/deliveries/lines.tsx';
import { Performance } from '../screens/deliveries/performance/performance.tsx';
import { Events } from '../screens/events/events.tsx';
import { Home } from '../screens/home/home.tsx';
import { Notices } from '../screens/notices/notices.tsx';
import { Accesses } from '../screens/operations/accesses.tsx';
import { Batches } from '../screens/operations/batches.tsx';
import { WorkBatches } from '../screens/packing/batches/work-batches.tsx';
import { Packing } from '../screens/packing/packing.tsx';
import { Pickups } from '../screens/pickups/pickups.tsx';
import { Calendar } from '../screens/shipping/calendar/calendar.tsx';
import { Places } from '../screens/shipping/places.tsx';
import { Exceptions } from '../screens/tracking/exceptions.tsx';
import type { TextKey } from '../ui/texts.ts';

/** The menu, in order; a screen that the user may not read is hidden. */
export const screens: { path: string; title: TextKey; needs: string | null; Screen: ComponentType }[] = [
  { path: '/', title: 'home', needs: null, Screen: Home },
  { path: '/lines', title: 'lines', needs: 'delivery.read', Screen: Lines },
  { path: '/deliveries', title: 'deliveries', needs: 'delivery.read', Screen: Deliveries },
  { path: '/pickups', title: 'pickups', needs: 'pickup.read', Screen: Pickups },
  { path: '/bulk', title: 'bulk', needs: 'delivery.read', Screen: Bulk },
  { path: '/work-batches', title: 'workBatches', needs: 'delivery.read', Screen: WorkBatches },
  { path: '/packing', title: 'packing', needs: 'delivery.write', Screen: Packing },
  { path: '/stockouts', title: 'stockouts', needs: 'delivery.read', Screen: Stockouts },
  { path: '/exceptions', title: 'exceptions', needs: 'delivery.read', Screen: Exceptions },
  { path: '/notices', title: 'notices', needs: 'event.read', Screen: Notices },
  { path: '/batches', title: 'batches', needs: 'batch.read', Screen: Batches },
  { path: '/places', title: 'places', needs: 'policy.read', Screen: Places },
  { path: '/calendar', title: 'calendar', needs: 'policy.read', Screen: Calendar },
  { path: '/performance', title: 'performance', needs: 'delivery.read', Screen: Performance },
  { path: '/assembly', title: 'assembly', needs: 'assembly.read', Screen: Assembly },
  { path: '/events', title: 'events', needs: 'event.read', Screen: Events },
  { path: '/accesses', title: 'accesses', needs: 'audit.read', Screen: Accesses },
];
