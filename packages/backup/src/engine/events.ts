import type { ReplicateReport } from '../replicate/index.ts'
import type { ExtendedLocks, PruneResult } from '../repository/index.ts'
import type { CheckReport } from '../verify/index.ts'
import type { BackupAlert } from './alerts.ts'
import type { RunResult } from './run-source.ts'

/** Something that happened, for logs and dashboards. */
export type BackupEvent =
  | { readonly kind: 'run-completed'; readonly source: string; readonly result: RunResult }
  | { readonly kind: 'run-failed'; readonly source: string; readonly error: unknown }
  | { readonly kind: 'replicated'; readonly replica: string; readonly report: ReplicateReport }
  | { readonly kind: 'replicate-failed'; readonly replica: string; readonly error: unknown }
  | { readonly kind: 'log-failed'; readonly error: unknown }
  | { readonly kind: 'checked'; readonly report: CheckReport }
  | { readonly kind: 'pruned'; readonly result: PruneResult }
  | { readonly kind: 'forgotten'; readonly source: string; readonly snapshots: readonly string[] }
  | { readonly kind: 'locks-extended'; readonly replica: string | undefined; readonly locks: ExtendedLocks }
  | { readonly kind: 'alert-firing' | 'alert-resolved'; readonly alert: BackupAlert }
