import type { Step } from '../step.ts'
import { atprotoSync } from './atproto-sync/atproto-sync.ts'
import { backupRepository } from './backup-repository/backup-repository.ts'
import { crossPost } from './cross-post/cross-post.ts'
import { flakyUpstream } from './flaky-upstream/flaky-upstream.ts'
import { geofences } from './geofences/geofences.ts'
import { nightlyJob } from './nightly-job/nightly-job.ts'
import { payments } from './payments/payments.ts'
import { planDeliveries } from './plan-deliveries/plan-deliveries.ts'
import { postgresPitr } from './postgres-pitr/postgres-pitr.ts'
import { reconcile } from './reconcile/reconcile.ts'
import { routing } from './routing/routing.ts'
import { searchLogs } from './search-logs/search-logs.ts'
import { shipLogs } from './ship-logs/ship-logs.ts'

/** Every step, in the order of the tour. */
export const steps: readonly Step[] = [
  postgresPitr,
  backupRepository,
  nightlyJob,
  flakyUpstream,
  shipLogs,
  searchLogs,
  geofences,
  routing,
  planDeliveries,
  payments,
  reconcile,
  atprotoSync,
  crossPost,
]
