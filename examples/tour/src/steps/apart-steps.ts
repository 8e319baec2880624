import type { Step } from '../step.ts'
import { geofences } from './geofences/geofences.ts'
import { payments } from './payments/payments.ts'
import { planDeliveries } from './plan-deliveries/plan-deliveries.ts'
import { routing } from './routing/routing.ts'

/** Steps that compute in one thread and wait for nothing: they run in a process of their own beside the others. */
export const apartSteps: readonly Step[] = [geofences, routing, planDeliveries, payments]
